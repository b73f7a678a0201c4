import { randomUUID } from "node:crypto";
import { SlipwayError } from "@slipway/contracts";
import { systemClock } from "@slipway/service-kit";
import { testDatabase, testPostgres, until } from "@slipway/testkit";
import { expect, test } from "vitest";
import type { Db } from "../create-db.ts";
import { transaction } from "../transaction.ts";
import { newFeedEpoch } from "./feed-epoch.ts";
import { pruneChanges } from "./prune-changes.ts";
import { type Change, currentCursor, readChanges } from "./read-changes.ts";
import { watchChanges } from "./watch-changes.ts";

const INSERT = `INSERT INTO change (uid, "group", kind, name, part) VALUES ($1, 'default', 'Model', $2, 'spec')`;

async function write(db: Db, name: string): Promise<void> {
  await db.pool.query(INSERT, [randomUUID(), name]);
}

const expired = expect.objectContaining({ code: "feed/cursor_expired" });

test("a reader never misses a change and sees none twice, whatever order 32 writers commit in", async () => {
  const { db } = await testDatabase({ max: 40 });
  const ending = new AbortController();
  const from = await currentCursor(db);
  const seen: Change[] = [];
  const reading = (async () => {
    for await (const batch of watchChanges(db, { from, signal: ending.signal, pollMs: 20 })) seen.push(...batch);
  })();
  const gates = Array.from({ length: 32 }, () => Promise.withResolvers<void>());
  let written = 0;
  const writers = gates.map((gate, n) =>
    transaction(db, async (tx) => {
      await tx.query(INSERT, [randomUUID(), `first-${n}`]);
      await tx.query(INSERT, [randomUUID(), `second-${n}`]);
      written += 1;
      await gate.promise;
    }),
  );
  await until(() => written === 32);
  // Every writer has its transaction id and its rows now; they commit in an order of their own, one after the other.
  for (const n of gates
    .keys()
    .toArray()
    .toSorted((a, b) => ((a * 13) % 32) - ((b * 13) % 32))) {
    gates[n]?.resolve();
    await writers[n];
    await readChanges(db, seen.at(-1)?.cursor ?? from);
  }
  await until(() => seen.length === 64);
  expect(new Set(seen.map((change) => change.name)).size).toBe(64);
  const order = seen.map(({ xid, seq }) => [BigInt(xid), BigInt(seq)] as const);
  expect(order).toEqual(order.toSorted(([x1, s1], [x2, s2]) => Number(x1 - x2 || s1 - s2)));
  ending.abort();
  await reading;
});

test("a change whose transaction was open when the cursor was taken comes after that cursor", async () => {
  const { db } = await testDatabase();
  const gate = Promise.withResolvers<void>();
  const inserted = Promise.withResolvers<void>();
  const open = transaction(db, async (tx) => {
    await tx.query(INSERT, [randomUUID(), "open"]);
    inserted.resolve();
    await gate.promise;
  });
  await inserted.promise;
  // What is committed by now, a list sees; what is open, only the feed can tell.
  await write(db, "listed");
  const cursor = await currentCursor(db);
  gate.resolve();
  await open;
  const names = await until(async () => {
    const { changes } = await readChanges(db, cursor);
    return changes.length === 0 ? null : changes.map(({ name }) => name);
  });
  expect(names).toContain("open");
});

test("a change behind a transaction that still runs waits for it", async () => {
  const { db } = await testDatabase();
  const from = await currentCursor(db);
  const gate = Promise.withResolvers<void>();
  const inserted = Promise.withResolvers<void>();
  const slow = transaction(db, async (tx) => {
    await tx.query(INSERT, [randomUUID(), "slow"]);
    inserted.resolve();
    await gate.promise;
  });
  await inserted.promise;
  await write(db, "quick");
  expect((await readChanges(db, from)).changes).toEqual([]);
  gate.resolve();
  await slow;
  const { changes } = await until(async () => {
    const read = await readChanges(db, from);
    return read.changes.length === 2 ? read : null;
  });
  expect(changes.map((change) => change.name)).toEqual(["slow", "quick"]);
});

test("a list after the cursor and the changes from it leave nothing out", async () => {
  const { db } = await testDatabase();
  await write(db, "before");
  const cursor = await currentCursor(db);
  await write(db, "after");
  const { changes } = await until(async () => {
    const read = await readChanges(db, cursor);
    return read.changes.length > 0 ? read : null;
  });
  expect(changes.map((change) => change.name)).toContain("after");
});

test("a page ends at the limit and the next one goes on behind it", async () => {
  const { db } = await testDatabase();
  const from = await currentCursor(db);
  for (const name of ["a", "b", "c"]) await write(db, name);
  await until(async () => (await readChanges(db, from)).changes.length === 3);
  const first = await readChanges(db, from, 2);
  const second = await readChanges(db, first.cursor, 2);
  expect([...first.changes, ...second.changes].map((change) => change.name)).toEqual(["a", "b", "c"]);
  expect(second.changes.map((change) => change.name)).toEqual(["c"]);
});

test("a watch goes on by itself after its connections were cut", async () => {
  const { db } = await testDatabase();
  const ending = new AbortController();
  const names: string[] = [];
  const reading = (async () => {
    for await (const batch of watchChanges(db, { from: await currentCursor(db), signal: ending.signal })) {
      names.push(...batch.map((change) => change.name));
    }
  })();
  await write(db, "before");
  await until(() => names.includes("before"));
  const database = new URL(db.databaseUrl).pathname.slice(1);
  await testPostgres().run((server) =>
    server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [database]),
  );
  await until(() => write(db, "after").then(() => true));
  await until(() => names.includes("after"));
  ending.abort();
  await reading;
});

test("a notification wakes the watch long before its poll", async () => {
  const { db } = await testDatabase();
  const ending = new AbortController();
  const from = await currentCursor(db);
  const watching = watchChanges(db, { from, signal: ending.signal, pollMs: 3_600_000, clock: systemClock });
  let first: unknown;
  const reading = watching.next().then(({ value }) => {
    first = value;
  });
  const listening =
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN slipway_change'";
  await until(async () => (await db.pool.query(listening)).rows.length === 1);
  // Not the first notification but the first after everybody else on the server has committed what is older.
  await until(async () => {
    await write(db, "told");
    return first;
  });
  await reading;
  expect(first).toContainEqual(expect.objectContaining({ name: "told" }));
  ending.abort();
  await watching.next();
});

test("a cursor of another life of the feed is expired", async () => {
  const { db } = await testDatabase();
  const cursor = await currentCursor(db);
  await newFeedEpoch(db.pool);
  await expect(readChanges(db, cursor)).rejects.toThrow(expired);
  await expect(readChanges(db, await currentCursor(db))).resolves.toMatchObject({ changes: [] });
});

test("a database restored from a dump begins a new life of the feed by itself", async () => {
  const { db } = await testDatabase();
  const cursor = await currentCursor(db);
  // What a restore does to the table: the same rows in another table of the same name.
  await db.pool.query(`
    CREATE TABLE restored (LIKE change INCLUDING ALL);
    DROP TABLE change CASCADE; ALTER TABLE restored RENAME TO change;`);
  await expect(readChanges(db, cursor)).rejects.toThrow(expired);
  await expect(readChanges(db, await currentCursor(db))).resolves.toMatchObject({ changes: [] });
});

test("a cursor from the future is expired, because the database has gone back in time", async () => {
  const { db } = await testDatabase();
  const [epoch, xid] = (await currentCursor(db)).split(":");
  await expect(readChanges(db, `${epoch}:${BigInt(xid ?? 0) + 1_000_000n}:0`)).rejects.toThrow(expired);
});

test.each(["", "x", "1:2:3", "00000000-0000-0000-0000-000000000000:99999999999999999999999:1"])(
  "a cursor that no feed gave out is expired: %j",
  async (cursor) => {
    const { db } = await testDatabase();
    await expect(readChanges(db, cursor)).rejects.toThrow(SlipwayError);
  },
);

test("pruning removes only what is old, in batches, and expires exactly the cursors below it", async () => {
  const { db } = await testDatabase();
  const start = await currentCursor(db);
  for (let n = 0; n < 5; n += 1) await write(db, `old-${n}`);
  await db.pool.query("UPDATE change SET created_at = now() - interval '2 hours'");
  await write(db, "new");
  const { changes } = await until(async () => {
    const read = await readChanges(db, start);
    return read.changes.length === 6 ? read : null;
  });
  expect(await pruneChanges(db, { keepMs: 3_600_000, batch: 2 })).toBe(5);
  await expect(readChanges(db, start)).rejects.toThrow(expired);
  await expect(readChanges(db, changes[3]?.cursor ?? "")).rejects.toThrow(expired);
  const rest = await readChanges(db, changes[4]?.cursor ?? "");
  expect(rest.changes.map((change) => change.name)).toEqual(["new"]);
});
