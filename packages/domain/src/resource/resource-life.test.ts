import { SlipwayError } from "@slipway/contracts";
import { transaction } from "@slipway/db";
import { testPostgres } from "@slipway/testkit";
import { expect, test } from "vitest";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { deleteResource } from "./delete-resource.ts";
import { diffRevisions } from "./diff-revisions.ts";
import { finishDelete } from "./finish-delete.ts";
import { getResource } from "./get-resource.ts";
import { getRevision, listRevisions } from "./list-revisions.ts";
import { findResources } from "./resource-row.ts";
import { rollBack } from "./roll-back.ts";
import { scaleResource } from "./scale-resource.ts";
import { setRunning } from "./set-running.ts";
import { writeChildren } from "./write-children.ts";
import { writeResources } from "./write-resources.ts";

const IRIS = { group: "default", kind: "Deployment", name: "iris" } as const;
const MODEL_SPEC = { storageUri: "file:/models/iris.onnx", format: "onnx", replicas: 1, startTimeout: "5m" };

test("a deleted resource keeps its name until it is finished; then the name is free and the history still there", async () => {
  const { ctx, apply, lead, scheduler, db } = await domain();
  const first = await apply(deployment("iris"));
  const deleted = await deleteResource(ctx, { ref: IRIS });
  expect(deleted.metadata.deletedAt).not.toBeNull();
  expect(deleted.metadata.version).toBe(2);
  await expect(apply(deployment("iris"))).rejects.toMatchObject({ code: "resource/still_deleting" });
  expect((await deleteResource(ctx, { ref: IRIS })).metadata).toEqual(deleted.metadata);

  expect(await lead((tx) => finishDelete(tx, scheduler, [first.metadata.uid]))).toEqual([first.metadata.uid]);
  await expect(getResource(ctx, IRIS)).rejects.toMatchObject({ code: "resource/not_found" });
  expect(await listRevisions(ctx, { ref: IRIS })).toHaveLength(1);
  const { rows } = await db.pool.query("SELECT action FROM audit ORDER BY id");
  expect(rows.map((row) => row.action)).toEqual(["deployment.apply", "deployment.delete", "deployment.remove"]);
  expect((await apply(deployment("iris"))).metadata.uid).not.toBe(first.metadata.uid);
});

test("an editor that holds a resource from before it was deleted and made again cannot write to the new one", async () => {
  const { ctx, apply, lead, scheduler } = await domain();
  const old = await apply(deployment("iris"));
  await deleteResource(ctx, { ref: IRIS });
  const held = `, uid: ${old.metadata.uid}, version: 1`;
  await lead((tx) => finishDelete(tx, scheduler, [old.metadata.uid]));
  await expect(apply(deployment("iris", { metadata: held }))).rejects.toMatchObject({
    code: "resource/conflict",
    data: { expected: `version 1 of uid ${old.metadata.uid}`, actual: "deleted" },
  });
  const again = await apply(deployment("iris"));
  const expected = { uid: old.metadata.uid, version: 1 };
  const conflict = {
    code: "resource/conflict",
    data: { expected: `version 1 of uid ${old.metadata.uid}`, actual: `version 1 of uid ${again.metadata.uid}` },
  };
  await expect(apply(deployment("iris", { metadata: held }))).rejects.toMatchObject(conflict);
  await expect(deleteResource(ctx, { ref: IRIS, expected })).rejects.toMatchObject(conflict);
  await expect(scaleResource(ctx, { ref: IRIS, replicas: 4, expected, source: "console" })).rejects.toMatchObject(
    conflict,
  );
  expect(await getResource(ctx, IRIS)).toEqual(again);
});

test("the row of a deployment stays while one of its models has a placement", async () => {
  const { ctx, apply, lead, scheduler, db, count } = await domain();
  const { metadata } = await apply(deployment("iris"));
  const owner = { uid: metadata.uid, generation: 1 };
  const child = { group: "default", kind: "Model", name: "iris.main", spec: MODEL_SPEC, owner } as const;
  const [written] = await lead((tx) => writeChildren(tx, scheduler, [child]));
  const server = "00000000-0000-7000-8000-000000000000";
  await db.pool.query(
    `INSERT INTO placement (model_uid, version, server_uid, replica, generation, memory_bytes, state, load)
     VALUES ($1, 'v', $2, 0, 1, 1, 'retiring', '{}')`,
    [written?.row.uid, server],
  );
  await deleteResource(ctx, { ref: IRIS });
  expect(await lead((tx) => finishDelete(tx, scheduler, [metadata.uid]))).toEqual([]);
  expect(await count("resource")).toBe(2);
  await db.pool.query("DELETE FROM placement");
  const gone = await lead((tx) => finishDelete(tx, scheduler, [metadata.uid]));
  expect(gone.toSorted()).toEqual([metadata.uid, written?.row.uid].toSorted());
  expect(await count("resource")).toBe(0);
});

test("a resource that nobody deleted is never finished", async () => {
  const { apply, lead, scheduler, count } = await domain();
  const { metadata } = await apply(deployment("iris"));
  expect(await lead((tx) => finishDelete(tx, scheduler, [metadata.uid]))).toEqual([]);
  expect(await count("resource")).toBe(1);
});

test("children are written with owner and owner's generation, and equal ones are left alone", async () => {
  const { apply, lead, scheduler, count } = await domain();
  const { metadata } = await apply(deployment("iris"));
  const child = (generation: number) =>
    ({
      group: "default",
      kind: "Model",
      name: "iris.main",
      spec: MODEL_SPEC,
      owner: { uid: metadata.uid, generation },
    }) as const;
  const [first] = await lead((tx) => writeChildren(tx, scheduler, [child(1)]));
  expect(first).toMatchObject({
    change: "created",
    row: { ownerUid: metadata.uid, ownerGeneration: 1, ownerName: "iris" },
  });
  expect(await lead((tx) => writeChildren(tx, scheduler, [child(1)]))).toMatchObject([{ change: "unchanged" }]);
  const [third] = await lead((tx) => writeChildren(tx, scheduler, [child(2)]));
  expect(third).toMatchObject({ change: "updated", row: { ownerGeneration: 2, generation: 1, version: 2 } });
  expect(await count("revision")).toBe(2);
});

test("rolling back makes a new revision with exactly the old spec, text and resolution; title and name stay", async () => {
  const { ctx, apply, db } = await domain();
  const text = `# the first one\n${deployment("iris")}`;
  await apply(text);
  await db.pool.query(`UPDATE revision SET resolution = '{"main": {"sha256": "aa"}}' WHERE generation = 1`);
  await apply(deployment("iris", { uri: "file:/models/other.onnx", metadata: ", title: New title" }));
  const back = await rollBack(ctx, { ref: IRIS, to: 1 });
  expect(back.metadata).toMatchObject({ generation: 3, name: "iris", title: "New title" });
  const [first, third] = [await getRevision(ctx, IRIS, 1), await getRevision(ctx, IRIS, 3)];
  expect(third).toMatchObject({
    spec: first.spec,
    manifest: text,
    resolution: { main: { sha256: "aa" } },
    source: "rollback",
  });
  await expect(rollBack(ctx, { ref: IRIS, to: 9 })).rejects.toMatchObject({ code: "resource/revision_not_found" });
});

test("a difference of two revisions names the fields with their impact, and gives both texts", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  await apply(deployment("iris", { uri: "file:/models/other.onnx" }));
  expect(await diffRevisions(ctx, { ref: IRIS, from: 1, to: 2 })).toEqual({
    fields: [
      {
        field: "spec.variants.0.model.uri",
        before: "file:/models/iris.onnx",
        after: "file:/models/other.onnx",
        impact: "reload",
        words: expect.stringContaining("beside the one that serves"),
      },
    ],
    fromManifest: deployment("iris"),
    toManifest: deployment("iris", { uri: "file:/models/other.onnx" }),
  });
});

test("stopping, starting and scaling go the way of every write, bounds included", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  const source = "cli";
  expect((await setRunning(ctx, { ref: IRIS, running: false, source })).spec).toMatchObject({ running: false });
  expect((await setRunning(ctx, { ref: IRIS, running: false, source })).metadata.generation).toBe(2);
  expect((await setRunning(ctx, { ref: IRIS, running: true, source })).metadata.generation).toBe(3);
  expect((await scaleResource(ctx, { ref: IRIS, replicas: 5, source })).spec).toMatchObject({
    scaling: { replicas: 5 },
  });
  await expect(scaleResource(ctx, { ref: IRIS, replicas: 5_000, source })).rejects.toMatchObject({
    code: "manifest/invalid",
    field: "spec.scaling.replicas",
  });
  const server = { group: "default", kind: "Server", name: "onnx" } as const;
  await apply("{ apiVersion: slipway.dev/v1, kind: Server, metadata: { name: onnx }, spec: {} }");
  expect((await scaleResource(ctx, { ref: server, replicas: 2, source })).spec).toMatchObject({ replicas: 2 });
  await expect(setRunning(ctx, { ref: server, running: false, source })).rejects.toMatchObject({
    code: "request/invalid",
  });
});

test("a database that dies between the statements of a write leaves nothing half-written", async () => {
  const { ctx, db, count, apply } = await domain();
  await apply(deployment("iris"));
  const before = await Promise.all(["resource", "revision", "change", "audit"].map(count));
  const dying = transaction(db, async (tx) => {
    const [current] = await findResources(tx, [IRIS], { lock: true });
    if (current === undefined) throw new Error("not there");
    const desired = { ...current, spec: { ...current.spec, running: false } };
    const reason = { action: "stop", source: "api", message: "" } as const;
    await writeResources(tx, ctx, reason, [{ current, desired, manifest: "" }]);
    const { rows } = await tx.query("SELECT pg_backend_pid() AS pid");
    await testPostgres().run((server) => server.query("SELECT pg_terminate_backend($1, 5000)", [rows[0].pid]));
    await tx.query("SELECT 1");
  });
  await expect(dying).rejects.toThrow();
  expect(await Promise.all(["resource", "revision", "change", "audit"].map(count))).toEqual(before);
  expect((await getResource(ctx, IRIS)).metadata.version).toBe(1);
  expect((await apply(deployment("iris", { lines: "  running: false" }))).metadata.version).toBe(2);
});

test("what only the scheduler may write is refused to everybody else", async () => {
  const { ctx, lead } = await domain();
  await expect(lead((tx) => finishDelete(tx, ctx, []))).rejects.toThrow(SlipwayError);
  await expect(lead((tx) => writeChildren(tx, ctx, []))).rejects.toMatchObject({ code: "auth/forbidden" });
});
