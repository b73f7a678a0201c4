import { PENDING_STATUS } from "@slipway/contracts";
import { withEpoch } from "@slipway/db";
import { until } from "@slipway/testkit";
import { expect, test } from "vitest";
import { listEvents } from "../event/list-events.ts";
import { recordEvents } from "../event/record-events.ts";
import { getResource } from "../resource/get-resource.ts";
import { getRevision } from "../resource/list-revisions.ts";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { readResources } from "./read-world.ts";
import { writeRevisionOutcomes } from "./write-revision-outcomes.ts";
import { writeStatuses } from "./write-statuses.ts";

const IRIS = { group: "default", kind: "Deployment", name: "iris" } as const;
const GONE = "00000000-0000-7000-8000-000000000000";

test("a batch of statuses is stored with a change for each that differs, and changes no version", async () => {
  const { ctx, apply, lead, scheduler, db } = await domain();
  const [a, b] = [await apply(deployment("iris")), await apply(deployment("other"))];
  const live = { ...PENDING_STATUS, lifecycle: "Live", observedGeneration: 1 } as const;
  const statuses = new Map([a, b].map(({ metadata }) => [metadata.uid, live] as const)).set(GONE, live);
  const written = await lead((tx) => writeStatuses(tx, scheduler, statuses));
  expect(written.toSorted()).toEqual([a.metadata.uid, b.metadata.uid].toSorted());
  expect(await lead((tx) => writeStatuses(tx, scheduler, statuses))).toEqual([]);
  const { rows } = await db.pool.query("SELECT name FROM change WHERE part = 'status' ORDER BY name");
  expect(rows).toEqual([{ name: "iris" }, { name: "other" }]);
  const read = await getResource(ctx, IRIS);
  expect(read.status).toEqual(live);
  expect(read.metadata).toEqual(a.metadata);
});

test("a leader whose epoch is over writes nothing", async () => {
  const { apply, scheduler, db, count } = await domain();
  const { metadata } = await apply(deployment("iris"));
  await db.pool.query("UPDATE epoch SET value = 2 WHERE name = 'scheduler'");
  const late = withEpoch(db, 1, (tx) => writeStatuses(tx, scheduler, new Map([[metadata.uid, PENDING_STATUS]])));
  await expect(late).rejects.toMatchObject({ code: "scheduler/stale_epoch", data: { given: 1, current: 2 } });
  expect(await count("resource_status")).toBe(0);
});

test("a takeover waits for what the leader before it is writing", async () => {
  const { db } = await domain();
  const began = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const writing = withEpoch(db, 0, async () => {
    began.resolve();
    await gate.promise;
    order.push("written");
  });
  await began.promise;
  const takeover = db.pool.query("UPDATE epoch SET value = value + 1").then(() => order.push("taken over"));
  await until(async () => {
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    return (await db.pool.query(waiting)).rows.length === 1;
  });
  gate.resolve();
  await Promise.all([writing, takeover]);
  expect(order).toEqual(["written", "taken over"]);
});

test("the outcome of a generation stands in the history and never revives a superseded one", async () => {
  const { ctx, apply, lead, scheduler } = await domain();
  const { metadata } = await apply(deployment("iris"));
  await apply(deployment("iris", { lines: "  running: false" }));
  const resolution = { main: { sha256: "aa" } };
  await lead((tx) =>
    writeRevisionOutcomes(tx, scheduler, [
      { uid: metadata.uid, generation: 1, result: "succeeded", resolution },
      { uid: metadata.uid, generation: 2, result: "failed" },
    ]),
  );
  expect(await getRevision(ctx, IRIS, 1)).toMatchObject({ result: "superseded", resolution });
  expect(await getRevision(ctx, IRIS, 2)).toMatchObject({ result: "failed", resolution: {} });
});

test("equal events are counted, in one batch and across batches", async () => {
  const { ctx, apply, lead } = await domain();
  const { metadata } = await apply(deployment("iris"));
  const event = { ...IRIS, uid: metadata.uid, reason: "LoadFailed", severity: "warning", message: "no" } as const;
  await lead((tx) => recordEvents(tx, ctx.random, [event, event, { ...event, message: "other\u0000" }]));
  await lead((tx) => recordEvents(tx, ctx.random, [event]));
  const events = await listEvents(ctx, IRIS);
  expect(events.map(({ message, count }) => [message, count]).toSorted()).toEqual([
    ["no", 3],
    ["other", 1],
  ]);
});

test("the scheduler reads every resource with its owner and its spec in its kind's form", async () => {
  const { apply, db } = await domain();
  await apply(deployment("iris"));
  await db.pool.query(
    `INSERT INTO resource (uid, "group", kind, name, spec) VALUES (gen_random_uuid(), 'default', 'Server', 'odd', '{"x": 1}')`,
  );
  const unreadable: string[] = [];
  const resources = await readResources(db.pool, { onUnreadable: (row) => unreadable.push(row.name) });
  expect(resources).toMatchObject([
    { kind: "Deployment", name: "iris", ownerUid: null, spec: { scaling: { replicas: 1 } } },
  ]);
  expect(unreadable).toEqual(["odd"]);
});
