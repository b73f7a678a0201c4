import { SlipwayError } from "@slipway/contracts";
import { expect, test } from "vitest";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { applyManifests, preflight } from "./apply-manifests.ts";
import { getResource } from "./get-resource.ts";
import { listRevisions } from "./list-revisions.ts";
import { writeChildren } from "./write-children.ts";

const IRIS = { group: "default", kind: "Deployment", name: "iris" } as const;

test("a first apply makes generation 1 and version 1, with revision, change and audit", async () => {
  const { apply, db, ctx } = await domain();
  const { metadata } = await apply(deployment("iris"));
  expect(metadata).toMatchObject({ generation: 1, version: 1, deletedAt: null, owner: null });
  const { rows: changes } = await db.pool.query('SELECT uid, "group", kind, name, part FROM change');
  expect(changes).toEqual([{ uid: metadata.uid, ...IRIS, part: "spec" }]);
  const { rows: audit } = await db.pool.query("SELECT actor, action, name, uid, request_id, diff FROM audit");
  expect(audit).toMatchObject([
    { actor: "local-admin", action: "deployment.apply", name: "iris", uid: metadata.uid, request_id: "req_domaintest" },
  ]);
  expect(await listRevisions(ctx, { ref: IRIS })).toMatchObject([
    { generation: 1, manifest: deployment("iris"), actor: "local-admin", source: "api", result: "pending" },
  ]);
});

test("an equal manifest changes nothing, however it is written", async () => {
  const { apply, ctx, count } = await domain();
  const first = await apply(deployment("iris"));
  const again = await applyManifests(ctx, {
    manifest: JSON.stringify({
      kind: "deployment",
      spec: { running: true, variants: [{ name: "main", model: { format: "onnx", uri: "file:/models/iris.onnx" } }] },
      metadata: { name: "iris" },
      apiVersion: "slipway.dev/v1",
    }),
    source: "api",
  });
  expect(again.results).toEqual([{ resource: first, change: "unchanged" }]);
  expect(again.place).toBeNull();
  expect([await count("revision"), await count("change"), await count("audit")]).toEqual([1, 1, 1]);
});

test("applying what has failed once more is another try: a new generation of an equal spec", async () => {
  const { apply, ctx, db } = await domain();
  const { metadata } = await apply(deployment("iris"));
  const again = () => applyManifests(ctx, { manifest: deployment("iris"), source: "cli", message: "mended" });
  const ended = (generation: number, result: "failed" | "succeeded") =>
    db.pool.query("UPDATE revision SET result = $3 WHERE uid = $1 AND generation = $2", [
      metadata.uid,
      generation,
      result,
    ]);
  await ended(1, "failed");
  const looked = await preflight(ctx, { manifest: deployment("iris"), source: "console" });
  expect(looked.changes).toMatchObject([{ change: "retried", fields: [], isMessageRequired: false }]);
  const retried = await again();
  expect(retried.results).toMatchObject([{ change: "retried", resource: { metadata: { generation: 2, version: 2 } } }]);
  expect(retried.place).not.toBeNull();
  expect(await listRevisions(ctx, { ref: IRIS })).toMatchObject([
    { generation: 2, message: "mended", result: "pending" },
    { generation: 1, result: "failed" },
  ]);
  // While the try is under way, and once it serves, there is nothing to ask for.
  expect((await again()).results).toMatchObject([{ change: "unchanged" }]);
  await ended(2, "succeeded");
  expect((await again()).results).toMatchObject([{ change: "unchanged" }]);
});

test("a changed spec makes a new generation; a changed title only a new version; the audit names the fields", async () => {
  const { apply, db } = await domain();
  await apply(deployment("iris"));
  const scaled = await apply(deployment("iris", { lines: "  scaling: { replicas: 3 }" }));
  expect(scaled.metadata).toMatchObject({ generation: 2, version: 2 });
  const titled = await apply(deployment("iris", { lines: "  scaling: { replicas: 3 }", metadata: ", title: Iris" }));
  expect(titled.metadata).toMatchObject({ generation: 2, version: 3, title: "Iris" });
  const { rows } = await db.pool.query("SELECT diff FROM audit ORDER BY id OFFSET 1");
  expect(rows.map((row) => row.diff)).toEqual([
    [{ field: "spec.scaling.replicas", before: 1, after: 3 }],
    [{ field: "metadata.title", before: null, after: "Iris" }],
  ]);
  const { rows: results } = await db.pool.query("SELECT generation, result FROM revision ORDER BY generation");
  expect(results).toEqual([
    { generation: 1, result: "superseded" },
    { generation: 2, result: "pending" },
  ]);
});

test("one bad document among many changes nothing, and all problems of all are told", async () => {
  const { ctx, count } = await domain();
  const manifest = `${deployment("good")}
---
${deployment("Bad_Name", { lines: "  strategy: {}\n  colour: red\n  resources: { memory: lots }" })}
---
apiVersion: slipway.dev/v2
kind: Toaster`;
  const error = await applyManifests(ctx, { manifest, source: "api" }).catch((thrown: unknown) => thrown);
  if (!(error instanceof SlipwayError)) throw error;
  expect(error.code).toBe("manifest/invalid");
  const fields = error.problems?.map((problem) => problem.field) ?? [];
  expect(fields).toEqual(
    expect.arrayContaining([
      "document 2: metadata.name",
      "document 2: spec.strategy",
      "document 2: spec.colour",
      "document 2: spec.resources.memory",
      "document 3: apiVersion",
      "document 3: kind",
    ]),
  );
  expect([await count("resource"), await count("change"), await count("audit")]).toEqual([0, 0, 0]);
});

test("a document that conflicts takes the whole apply back", async () => {
  const { apply, ctx, count } = await domain();
  await apply(deployment("iris"));
  const manifest = `${deployment("other")}\n---\n${deployment("iris", { metadata: ", version: 7", lines: "  running: false" })}`;
  await expect(applyManifests(ctx, { manifest, source: "api" })).rejects.toMatchObject({ code: "resource/conflict" });
  expect(await count("resource")).toBe(1);
});

test("the same name twice in one apply is refused", async () => {
  const { ctx } = await domain();
  const manifest = `${deployment("iris")}\n---\n${deployment("iris")}`;
  await expect(applyManifests(ctx, { manifest, source: "api" })).rejects.toMatchObject({
    code: "manifest/invalid",
    field: "document 2: metadata.name",
  });
});

test("of concurrent appliers of one resource each makes one generation and none is lost", async () => {
  const { ctx, apply, count } = await domain({ max: 20 });
  await Promise.all(
    Array.from({ length: 16 }, (_, n) => apply(deployment("iris", { lines: `  scaling: { replicas: ${n + 2} }` }))),
  );
  const { metadata } = await getResource(ctx, IRIS);
  expect(metadata).toMatchObject({ generation: 16, version: 16 });
  const revisions = await listRevisions(ctx, { ref: IRIS });
  expect(revisions.map((revision) => revision.generation)).toEqual(Array.from({ length: 16 }, (_, n) => 16 - n));
  expect([await count("change"), await count("audit"), await count("resource")]).toEqual([16, 16, 1]);
});

test("of concurrent writers that saw the same version exactly one succeeds", async () => {
  const { ctx, apply } = await domain({ max: 20 });
  const { metadata } = await apply(deployment("iris"));
  const seen = `, uid: ${metadata.uid}, version: ${metadata.version}`;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, n) =>
      apply(deployment("iris", { metadata: seen, lines: `  scaling: { replicas: ${n + 2} }` })),
    ),
  );
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "resource/conflict" });
  }
  expect((await getResource(ctx, IRIS)).metadata.version).toBe(2);
});

test("appliers of the same resources in opposite orders never deadlock", async () => {
  const { ctx } = await domain({ max: 20 });
  const names = ["a", "b", "c", "d", "e"];
  const text = (order: readonly string[], replicas: number) =>
    order.map((name) => deployment(name, { lines: `  scaling: { replicas: ${replicas} }` })).join("\n---\n");
  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) =>
      applyManifests(ctx, { manifest: text(n % 2 === 0 ? names : names.toReversed(), n + 1), source: "api" }),
    ),
  );
  expect(outcomes.filter((outcome) => outcome.status === "rejected")).toEqual([]);
});

test("a conflict names the version that was seen and the one that is", async () => {
  const { apply } = await domain();
  await apply(deployment("iris"));
  await apply(deployment("iris", { lines: "  running: false" }));
  await expect(apply(deployment("iris", { metadata: ", version: 1" }))).rejects.toMatchObject({
    code: "resource/conflict",
    data: { expected: "version 1", actual: "version 2" },
  });
});

test("two tenants have resources of the same name that know nothing of each other", async () => {
  const { apply, ctx } = await domain();
  const red = await apply(deployment("iris", { group: "red" }));
  const blue = await apply(deployment("iris", { group: "blue", lines: "  scaling: { replicas: 2 }" }));
  expect(red.metadata.uid).not.toBe(blue.metadata.uid);
  await apply(deployment("iris", { group: "red", lines: "  running: false" }));
  const untouched = await getResource(ctx, { group: "blue", kind: "Deployment", name: "iris" });
  expect(untouched).toEqual(blue);
});

test("a compiled child refuses writes by people and names its owner; a dot is for children alone", async () => {
  const { apply, lead, scheduler } = await domain();
  const owner = await apply(deployment("iris"));
  const spec = { storageUri: "file:/models/iris.onnx", format: "onnx", replicas: 1, startTimeout: "5m" };
  const { uid, generation } = owner.metadata;
  const child = { group: "default", kind: "Model", name: "iris.main", spec, owner: { uid, generation } } as const;
  await lead((tx) => writeChildren(tx, scheduler, [child]));
  const model = (name: string) =>
    `{ apiVersion: slipway.dev/v1, kind: Model, metadata: { name: ${name} }, spec: { storageUri: "file:/x" } }`;
  await expect(apply(model("iris.main"))).rejects.toMatchObject({
    code: "resource/owned",
    data: { owner: "Deployment iris" },
  });
  await expect(apply(model("other.main"))).rejects.toMatchObject({ code: "manifest/invalid", field: "metadata.name" });
});

test("a preflight tells every problem and what would change, and writes nothing", async () => {
  const { ctx, apply, count } = await domain();
  await apply(deployment("iris"));
  await apply(deployment("old"));
  const manifest = [
    deployment("iris", { lines: "  running: false" }),
    deployment("old", { metadata: ", version: 9" }),
    deployment("new"),
  ].join("\n---\n");
  const { problems, changes } = await preflight(ctx, { manifest, source: "api" });
  expect(problems).toMatchObject([{ message: expect.stringContaining("version 9") }]);
  expect(changes.map(({ name, change }) => [name, change])).toEqual([
    ["iris", "updated"],
    ["new", "created"],
  ]);
  expect(await count("resource")).toBe(2);
  expect((await preflight(ctx, { manifest: "kind: Toaster", source: "api" })).problems.length).toBeGreaterThan(1);
});

test("a dry run says what would change and writes nothing", async () => {
  const { ctx, apply, count } = await domain();
  const iris = await apply(deployment("iris"));
  const manifest = `${deployment("iris", { lines: "  running: false" })}\n---\n${deployment("new")}`;
  const { results } = await applyManifests(ctx, { manifest, source: "api", dryRun: true });
  expect(results).toMatchObject([
    { change: "updated", resource: { spec: { running: false }, metadata: { version: 2, uid: iris.metadata.uid } } },
    { change: "created", resource: { metadata: { name: "new", version: 1 } } },
  ]);
  expect([await count("resource"), await count("change"), await count("audit")]).toEqual([1, 1, 1]);
});

test("a client of an endpoint may change nothing, and the scheduler no spec of a person", async () => {
  const { ctx, apply } = await domain();
  const client = { ...ctx, actor: { kind: "client", deployment: "iris", client: "app" } } as const;
  await expect(apply(deployment("iris"), client)).rejects.toMatchObject({ code: "auth/forbidden" });
  const scheduler = { ...ctx, actor: { kind: "scheduler" } } as const;
  await expect(apply(deployment("iris"), scheduler)).rejects.toMatchObject({ code: "auth/forbidden" });
});

test("a thousand documents are applied together", async () => {
  const { ctx, count } = await domain();
  const manifest = Array.from({ length: 1_000 }, (_, n) => deployment(`d-${n}`)).join("\n---\n");
  const { results } = await applyManifests(ctx, { manifest, source: "api" });
  expect(results.map(({ resource }) => resource.metadata.name)).toEqual(
    Array.from({ length: 1_000 }, (_, n) => `d-${n}`),
  );
  expect([await count("resource"), await count("revision"), await count("change")]).toEqual([1_000, 1_000, 1_000]);
});
