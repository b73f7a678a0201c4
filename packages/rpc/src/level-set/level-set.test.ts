import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LevelSetReplica, type Received, type SetEntry } from "./replica.ts";
import { CHUNK_ENTRIES, LevelSetSource, type SetMessage } from "./source.ts";

const entry = (key: string, value: string): SetEntry<string> => ({ key, value, bytes: Buffer.from(value) });
const values = (entries: ReadonlyMap<string, SetEntry<string>>) =>
  Object.fromEntries([...entries].map(([key, { value }]) => [key, value]));

function deliver(replica: LevelSetReplica<string>, messages: SetMessage<string>[]): Received<string> | null {
  let last: Received<string> | null = null;
  for (const { header, upsert, remove } of messages) last = replica.receive(header, { upsert, remove });
  return last;
}

describe("a level-triggered set", () => {
  test("ends equal on both sides, whatever changes are made and however many versions a reader misses", () => {
    const step = fc.record({
      upsert: fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.string()), { maxLength: 4 }),
      remove: fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 2 }),
      deliver: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const source = new LevelSetSource<string>({ keepVersions: 3 });
        const replica = new LevelSetReplica<string>();
        const model = new Map<string, string>();
        for (const { upsert, remove, deliver: now } of steps) {
          const distinct = new Map(upsert);
          for (const key of remove) model.delete(key);
          for (const [key, value] of distinct) model.set(key, value);
          source.update(
            [...distinct].map(([key, value]) => entry(key, value)),
            remove,
          );
          if (now) deliver(replica, source.since(1n, replica.version));
        }
        deliver(replica, source.since(1n, replica.version));
        expect(values(replica.entries)).toEqual(Object.fromEntries(model));
      }),
    );
  });

  test("switches only when the last chunk has come", () => {
    const source = new LevelSetSource<string>();
    source.update(
      Array.from({ length: CHUNK_ENTRIES + 1 }, (_, n) => entry(`k${n}`, "v")),
      [],
    );
    const [first, second] = source.since(1n, 0n);
    const replica = new LevelSetReplica<string>();
    if (first === undefined || second === undefined) throw new Error("expected two chunks");
    expect(replica.receive(first.header, first).kind).toBe("partial");
    expect(replica.entries.size).toBe(0);
    expect(replica.receive(second.header, second).kind).toBe("complete");
    expect(replica.entries.size).toBe(CHUNK_ENTRIES + 1);
  });

  test("a reader whose set differs asks for everything and then agrees", () => {
    const source = new LevelSetSource<string>();
    source.update([entry("a", "1")], []);
    const replica = new LevelSetReplica<string>();
    deliver(replica, source.since(1n, 0n));
    source.update([entry("b", "2")], []);
    const [message] = source.since(1n, replica.version);
    if (message === undefined) throw new Error("expected a message");
    const tampered = { header: message.header, upsert: [entry("b", "other")], remove: [] };
    expect(replica.receive(tampered.header, tampered).kind).toBe("mismatch");
    expect(deliver(replica, source.since(1n, replica.version))?.kind).toBe("complete");
    expect(values(replica.entries)).toEqual({ a: "1", b: "2" });
  });

  test("an older epoch is never obeyed", () => {
    const source = new LevelSetSource<string>();
    source.update([entry("a", "1")], []);
    const replica = new LevelSetReplica<string>(7n);
    expect(deliver(replica, source.since(6n, 0n))?.kind).toBe("stale_epoch");
    expect(replica.entries.size).toBe(0);
  });

  test("once a newer epoch was heard, a message of an older one is refused in the same life", () => {
    const source = new LevelSetSource<string>();
    source.update([entry("a", "1")], []);
    const replica = new LevelSetReplica<string>();
    expect(deliver(replica, source.since(4n, 0n))?.kind).toBe("complete");
    expect(replica.observeEpoch(5n)).toBe(true);
    expect(replica.observeEpoch(4n)).toBe(false);
    source.update([entry("a", "2")], []);
    expect(deliver(replica, source.since(4n, replica.version))?.kind).toBe("stale_epoch");
    expect(values(replica.entries)).toEqual({ a: "1" });
    expect(deliver(replica, source.since(5n, replica.version))?.kind).toBe("complete");
    expect(deliver(replica, source.since(4n, 0n))?.kind).toBe("stale_epoch");
    expect(values(replica.entries)).toEqual({ a: "2" });
  });

  test("a whole set names what vanished as changed", () => {
    const replica = new LevelSetReplica<string>();
    const old = new LevelSetSource<string>();
    old.update([entry("gone", "1")], []);
    deliver(replica, old.since(1n, 0n));
    const next = new LevelSetSource<string>();
    next.update([entry("new", "1")], []);
    const result = deliver(replica, next.since(2n, 0n));
    expect(result?.kind === "complete" && [...result.changed].sort()).toEqual(["gone", "new"]);
  });
});
