import { registryUri, SlipwayError } from "@slipway/contracts";
import { scalingModel } from "@slipway/onnx-file/testing/models";
import { expect, test } from "vitest";
import { applyManifests, preflight } from "../resource/apply-manifests.ts";
import { deleteResource } from "../resource/delete-resource.ts";
import { finishDelete } from "../resource/finish-delete.ts";
import { getResource } from "../resource/get-resource.ts";
import { listRevisions } from "../resource/list-revisions.ts";
import { rollBack } from "../resource/roll-back.ts";
import { scaleResource } from "../resource/scale-resource.ts";
import { deploymentOf, registry } from "../testing/registry-fixture.ts";
import { deleteModel, deleteVersion } from "./delete-version.ts";
import { setSample } from "./describe-model.ts";
import { getModel } from "./list-models.ts";
import { getVersion } from "./list-versions.ts";
import { deleteAlias, setAlias } from "./move-alias.ts";

const IRIS = { group: "default", model: "iris" };
const FLOWERS = { kind: "Deployment" as const, group: "default", name: "flowers" };
const failsWith = (code: string) => expect.objectContaining({ code });

/** Versions 1, 2 and 3 of iris; `live` stands for 1. */
async function threeVersions() {
  const fixture = await registry();
  const pushed = [];
  for (const factor of [1, 2, 3]) pushed.push(await fixture.push(scalingModel(factor)));
  await setAlias(fixture.ctx, { ...IRIS, alias: "live", version: 1 });
  return { ...fixture, digests: pushed.map(({ sha256 }) => sha256) };
}

test("a reference resolves to version, digest and location when it is written: version, alias or the latest", async () => {
  const { apply, digests } = await threeVersions();
  for (const [reference, version, alias] of [
    ["name: iris, version: 2", 2, null],
    ["name: iris, alias: live", 1, "live"],
    ["name: iris", 3, null],
  ] as const) {
    const { resolution } = await apply(deploymentOf(reference));
    const sha256 = digests[version - 1] ?? "";
    expect(resolution).toEqual({
      main: { registered: { name: "iris", version, alias }, sha256, uri: registryUri(sha256) },
    });
  }
});

test("what a reference stands for stays until somebody writes the deployment anew", async () => {
  const { apply, ctx, push } = await threeVersions();
  await apply(deploymentOf("name: iris"));
  await push(scalingModel(4));
  const scaled = await scaleResource(ctx, { ref: FLOWERS, replicas: 2, source: "api" });
  expect(scaled.resolution?.main?.registered.version).toBe(3);
  const again = await apply(deploymentOf("name: iris", { lines: "  scaling: { replicas: 2 }" }));
  expect(again.resolution?.main?.registered.version).toBe(4);
  expect(again.metadata.generation).toBe(3);
});

test("moving an alias writes a revision of source registry of each deployment that follows it, and of no other", async () => {
  const { apply, ctx } = await threeVersions();
  await apply(deploymentOf("name: iris, alias: live"));
  await apply(deploymentOf("name: iris, alias: live", { name: "garden" }));
  await apply(deploymentOf("name: iris, version: 1", { name: "pinned" }));
  await setAlias(ctx, { ...IRIS, alias: "live", version: 2 });
  for (const [name, generation, version] of [
    ["flowers", 2, 2],
    ["garden", 2, 2],
    ["pinned", 1, 1],
  ] as const) {
    const { metadata, resolution } = await getResource(ctx, { ...FLOWERS, name });
    expect([name, metadata.generation, resolution?.main?.registered.version]).toEqual([name, generation, version]);
  }
  const [revision] = await listRevisions(ctx, { ref: FLOWERS });
  expect(revision).toMatchObject({ source: "registry", message: "Alias live of iris moved to version 2" });
  expect(revision?.resolution).toMatchObject({ main: { registered: { version: 2 } } });
  expect((await getModel(ctx, IRIS)).deployedIn).toEqual([
    { group: "default", name: "flowers", version: 2 },
    { group: "default", name: "garden", version: 2 },
    { group: "default", name: "pinned", version: 1 },
  ]);
});

test("rolling back loads the digest of then, though the alias has moved on", async () => {
  const { apply, ctx, digests } = await threeVersions();
  await apply(deploymentOf("name: iris, alias: live"));
  await setAlias(ctx, { ...IRIS, alias: "live", version: 2 });
  const back = await rollBack(ctx, { ref: FLOWERS, to: 1 });
  expect(back.resolution?.main).toMatchObject({ registered: { version: 1, alias: "live" }, sha256: digests[0] });
  expect(back.metadata.generation).toBe(3);
});

test("rolling back to a version that was deleted is refused in words", async () => {
  const { apply, ctx } = await threeVersions();
  await apply(deploymentOf("name: iris, version: 2"));
  await apply(deploymentOf("name: iris, version: 3"));
  await deleteVersion(ctx, { ...IRIS, version: 2 });
  await expect(rollBack(ctx, { ref: FLOWERS, to: 1 })).rejects.toThrow("iris has no version 2");
});

test("a reference to nothing is a problem at its field, in an apply and in a preflight", async () => {
  const { apply, ctx } = await threeVersions();
  const cases = [
    ["name: rose", "names rose; there is no such registered model in group default"],
    ["name: iris, version: 9", "names version 9 of iris, which it does not have"],
    ["name: iris, alias: gone", "names alias gone of iris, which it does not have"],
  ] as const;
  for (const [reference, message] of cases) {
    const problem = expect.objectContaining({ field: "spec.variants.0.model.registered", message });
    await expect(apply(deploymentOf(reference))).rejects.toMatchObject({ problems: [problem] });
    const { problems } = await preflight(ctx, { manifest: deploymentOf(reference), source: "api" });
    expect(problems).toEqual([problem]);
  }
  const both = deploymentOf("name: iris, version: 1, alias: live");
  await expect(apply(both)).rejects.toThrow(/must have version or alias/);
});

test("the registry's own storage cannot be named around it", async () => {
  const { apply, digests } = await threeVersions();
  const uri = registryUri(digests[0] ?? "");
  const model = `{ apiVersion: slipway.dev/v1, kind: Model, metadata: { name: sly }, spec: { storageUri: "${uri}" } }`;
  await expect(apply(model)).rejects.toThrow(/registry's own storage/);
  const deployment = deploymentOf("name: iris").replace("registered: { name: iris }", `uri: "${uri}"`);
  await expect(apply(deployment)).rejects.toThrow(/registry's own storage/);
});

test("a version, model or alias that is used is not deleted, and the refusal names what uses it", async () => {
  const { apply, ctx, lead, scheduler } = await threeVersions();
  const { metadata } = await apply(deploymentOf("name: iris, alias: live"));
  await apply(deploymentOf("name: iris, version: 2", { name: "pinned" }));
  await expect(deleteVersion(ctx, { ...IRIS, version: 1 })).rejects.toThrow("Version 1 of iris is used by alias live.");
  await expect(deleteVersion(ctx, { ...IRIS, version: 2 })).rejects.toThrow("used by deployment pinned");
  await expect(deleteModel(ctx, IRIS)).rejects.toEqual(failsWith("registry/in_use"));
  await expect(deleteAlias(ctx, { ...IRIS, alias: "live" })).rejects.toThrow("used by deployment flowers");
  await deleteResource(ctx, { ref: FLOWERS });
  // On its way out it may still have to be loaded.
  await expect(deleteAlias(ctx, { ...IRIS, alias: "live" })).rejects.toThrow("used by deployment flowers");
  await lead((tx) => finishDelete(tx, scheduler, [metadata.uid]));
  await deleteAlias(ctx, { ...IRIS, alias: "live" });
  await deleteVersion(ctx, { ...IRIS, version: 1 });
});

test("a version that replicas still serve while an update is on its way is not deleted", async () => {
  const { apply, ctx, db, lead, scheduler, digests } = await threeVersions();
  const { metadata } = await apply(deploymentOf("name: iris, version: 2"));
  const { writeChildren } = await import("../resource/write-children.ts");
  const spec = { storageUri: registryUri(digests[1] ?? ""), format: "onnx", replicas: 1, startTimeout: "5m" };
  const owner = { uid: metadata.uid, generation: 1 };
  const [child] = await lead((tx) =>
    writeChildren(tx, scheduler, [{ group: "default", kind: "Model", name: "flowers.main", spec, owner }]),
  );
  const load = JSON.stringify({ uri: spec.storageUri });
  await db.pool.query("INSERT INTO rollout (uid, stable_load) VALUES ($1, $2)", [child?.row.uid, load]);
  await apply(deploymentOf("name: iris, version: 3"));
  await expect(deleteVersion(ctx, { ...IRIS, version: 2 })).rejects.toThrow("used by deployment flowers");
  await db.pool.query("UPDATE rollout SET stable_load = NULL");
  await deleteVersion(ctx, { ...IRIS, version: 2 });
});

test("a delete and an apply at once never leave a deployment without its version", async () => {
  const { apply, ctx, db } = await threeVersions();
  for (let round = 0; round < 8; round += 1) {
    const manifest = deploymentOf("name: iris, version: 3", { name: `race-${round}` });
    const [deleted, applied] = await Promise.allSettled([deleteVersion(ctx, { ...IRIS, version: 3 }), apply(manifest)]);
    expect([deleted.status, applied.status].filter((status) => status === "fulfilled").length).toBeLessThan(2);
    if (deleted.status === "fulfilled") break;
    await deleteUses(db);
  }
});

test("memory that goes unsaid is proposed by the size of the model; what serves already keeps its own", async () => {
  const { apply, ctx, db } = await threeVersions();
  const memoryOf = (view: { spec: Record<string, unknown> }) => view.spec.resources;
  expect(memoryOf(await apply(deploymentOf("name: iris, version: 1")))).toEqual({});
  await apply(deploymentOf("name: iris, alias: live", { name: "follower" }));
  await db.pool.query("UPDATE model_version SET size_bytes = $1", [286 * 2 ** 20]);
  const first = deploymentOf("name: iris, version: 1");
  expect((await applyManifests(ctx, { manifest: first, source: "api" })).results).toMatchObject([
    { change: "unchanged" },
  ]);
  expect(memoryOf(await apply(deploymentOf("name: iris, version: 2")))).toEqual({ memory: "572Mi" });
  const again = await applyManifests(ctx, { manifest: deploymentOf("name: iris, version: 2"), source: "api" });
  expect(again.results).toMatchObject([{ change: "unchanged" }]);
  const own = deploymentOf("name: iris, version: 2", { lines: "  resources: { memory: 200Mi }" });
  expect(memoryOf(await apply(own))).toEqual({ memory: "200Mi" });
  await setAlias(ctx, { ...IRIS, alias: "live", version: 3 });
  expect(memoryOf(await getResource(ctx, { ...FLOWERS, name: "follower" }))).toEqual({ memory: "572Mi" });
});

test("an apply and a move of its alias at once end with the alias's version", async () => {
  const { apply, ctx } = await threeVersions();
  await apply(deploymentOf("name: iris, alias: live"));
  for (const [round, version] of [2, 3, 1].entries()) {
    const lines = `  scaling: { replicas: ${round + 2} }`;
    await Promise.all([
      apply(deploymentOf("name: iris, alias: live", { lines })),
      setAlias(ctx, { ...IRIS, alias: "live", version }),
    ]);
    const { resolution, spec } = await getResource(ctx, FLOWERS);
    expect([resolution?.main?.registered.version, spec.scaling]).toEqual([version, { replicas: round + 2 }]);
  }
}, 60_000);

test("a push and a delete of the same bytes at once leave a version with its bytes, or neither", async () => {
  const { ctx, push, files } = await registry();
  const bytes = scalingModel(5);
  for (let round = 0; round < 3; round += 1) {
    const { version } = await push(bytes);
    const [pushed] = await Promise.all([push(bytes), deleteVersion(ctx, { ...IRIS, version })]);
    const left = await getVersion(ctx, { ...IRIS, version: pushed.version }).catch(() => null);
    expect(await files()).toHaveLength(left === null ? 0 : 1);
    if (left !== null) await deleteVersion(ctx, { ...IRIS, version: left.version });
  }
  expect(await files()).toEqual([]);
}, 60_000);

test("deleting the last version with some bytes frees them, and its number is not given again", async () => {
  const { ctx, push, files } = await threeVersions();
  await push(scalingModel(3), { model: "other" });
  await deleteVersion(ctx, { ...IRIS, version: 3 });
  expect(await files()).toHaveLength(3);
  await deleteModel(ctx, { ...IRIS, model: "other" });
  expect(await files()).toHaveLength(2);
  expect((await push(scalingModel(9))).version).toBe(4);
});

test("a sample that somebody gives replaces the generated one, and null brings that back", async () => {
  const { ctx, count } = await threeVersions();
  const sample = { inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 1] }] };
  const given = await setSample(ctx, { ...IRIS, version: 1, sample });
  expect(given.sample).toEqual({ origin: "given", request: sample });
  await setSample(ctx, { ...IRIS, version: 1, sample: null });
  expect((await getVersion(ctx, { ...IRIS, version: 1 })).sample?.origin).toBe("generated");
  expect(await count("audit")).toBe(6);
});

test("a sample that the model does not take is refused at its place, and the one before stays", async () => {
  const { ctx } = await threeVersions();
  const input = { name: "x", datatype: "FP32", shape: [1, 2], data: [1, 1] };
  const refusal = async (change: Record<string, unknown>, others: Record<string, unknown>[] = []) => {
    const sample = { inputs: [{ ...input, ...change }, ...others] };
    const refused = await setSample(ctx, { ...IRIS, version: 1, sample }).catch((error: unknown) => error);
    if (!(refused instanceof SlipwayError)) throw new Error("it was not refused");
    return [refused.code, refused.problems?.map(({ field }) => field)];
  };
  expect(await refusal({ shape: [1, 3], data: [1, 1, 1] })).toEqual(["tensor/shape", ["sample.inputs.0.shape"]]);
  expect(await refusal({ datatype: "INT64" })).toEqual(["tensor/datatype", ["sample.inputs.0.datatype"]]);
  expect(await refusal({ data: [1] })).toEqual(["tensor/element_count", ["sample.inputs.0.data"]]);
  expect(await refusal({ name: "z" })).toEqual(["tensor/unknown", ["sample.inputs.0"]]);
  expect(await refusal({}, [{ ...input, name: "z" }])).toEqual(["tensor/unknown", ["sample.inputs.1"]]);
  expect((await getVersion(ctx, { ...IRIS, version: 1 })).sample?.origin).toBe("generated");
});

test("of deployments that cannot all be resolved none is written, and each problem names its document", async () => {
  const { ctx, count } = await threeVersions();
  const manifest = [deploymentOf("name: iris"), deploymentOf("name: rose", { name: "b" })].join("\n---\n");
  await expect(applyManifests(ctx, { manifest, source: "api" })).rejects.toMatchObject({
    problems: [expect.objectContaining({ field: "document 2: spec.variants.0.model.registered" })],
  });
  expect(await count("resource")).toBe(0);
});

/** Lets the version be deleted in the next round. */
async function deleteUses(db: { pool: { query(sql: string): Promise<unknown> } }): Promise<void> {
  await db.pool.query("DELETE FROM model_use");
}
