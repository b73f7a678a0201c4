import { expect, test } from "vitest";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { applyManifests, preflight } from "./apply-manifests.ts";
import { listRevisions } from "./list-revisions.ts";

const IRIS = { group: "default", kind: "Deployment", name: "iris" } as const;
const PRODUCTION = "  environment: production";

test("an apply that saw another version is refused with both, and writes nothing", async () => {
  const { ctx, apply, count } = await domain();
  const first = await apply(deployment("iris"));
  await apply(deployment("iris", { lines: "  running: false" }));
  const manifest = deployment("iris", { lines: "  scaling: { replicas: 2 }" });
  const { uid, version } = first.metadata;
  const seen = { manifest, source: "api", expected: [{ uid, version }] } as const;
  await expect(applyManifests(ctx, seen)).rejects.toMatchObject({
    code: "resource/conflict",
    data: { expected: "version 1", actual: "version 2" },
  });
  expect((await preflight(ctx, seen)).problems).toMatchObject([{ message: expect.stringContaining("version 2") }]);
  expect(await count("revision")).toBe(2);
  const { results } = await applyManifests(ctx, { ...seen, expected: [{ uid, version: 2 }] });
  expect(results[0]?.change).toBe("updated");
});

test("what is expected belongs to the document at its place", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("a"));
  const { uid } = (await apply(deployment("b"))).metadata;
  const manifest = `${deployment("a", { lines: "  running: false" })}\n---\n${deployment("b", { lines: "  running: false" })}`;
  await expect(applyManifests(ctx, { manifest, source: "api", expected: [{ uid, version: 1 }] })).rejects.toMatchObject(
    { code: "resource/conflict", data: { name: "a" } },
  );
  const { results } = await applyManifests(ctx, { manifest, source: "api", expected: [null, { uid, version: 1 }] });
  expect(results.map(({ change }) => change)).toEqual(["updated", "updated"]);
  const more = { manifest: deployment("a"), source: "api", expected: [null, null] } as const;
  await expect(applyManifests(ctx, more)).rejects.toMatchObject({ code: "manifest/invalid", field: "expected" });
});

test("of two who make one by the same name at once, one makes it and the other is told that it is there", async () => {
  const { ctx, count } = await domain({ max: 10 });
  const make = (replicas: number) =>
    applyManifests(ctx, {
      manifest: deployment("iris", { lines: `  scaling: { replicas: ${replicas} }` }),
      source: "console",
      expected: [{ version: 0 }],
    });
  const outcomes = await Promise.allSettled([make(1), make(2), make(3)]);
  const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  expect(refused).toHaveLength(2);
  for (const reason of refused) expect(reason).toMatchObject({ code: "resource/name_taken", field: "metadata.name" });
  expect(await count("revision")).toBe(1);
});

test("a person changes what is in production only with words that say why", async () => {
  const { ctx } = await domain();
  const change = (lines: string, message?: string) =>
    applyManifests(ctx, {
      manifest: deployment("iris", { lines }),
      source: "console",
      ...(message === undefined ? {} : { message }),
    });
  await change(PRODUCTION);
  await change(PRODUCTION);
  const refused = { code: "deployment/message_required", field: "message" };
  await expect(change(`${PRODUCTION}\n  running: false`)).rejects.toMatchObject(refused);
  await expect(change(`${PRODUCTION}\n  running: false`, "  ")).rejects.toMatchObject(refused);
  // Taking it out of production is a change of production too.
  await expect(change("  environment: staging")).rejects.toMatchObject(refused);
  await change("  environment: staging", "It moves");
  await change("  environment: staging\n  running: false");
  const messages = (await listRevisions(ctx, { ref: IRIS })).map(({ message }) => message);
  expect(messages).toEqual(["", "It moves", ""]);
});

test("scripts change production without words, for they keep their reasons elsewhere", async () => {
  const { ctx } = await domain();
  for (const lines of [PRODUCTION, `${PRODUCTION}\n  running: false`]) {
    await applyManifests(ctx, { manifest: deployment("iris", { lines }), source: "cli" });
  }
});

test("a preflight names each field that changes with its impact, and says when words are needed", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris", { lines: PRODUCTION }));
  const manifest = deployment("iris", {
    uri: "file:/models/other.onnx",
    metadata: ", title: Iris",
    lines: `${PRODUCTION}\n  scaling: { replicas: 2 }`,
  });
  const { problems, changes } = await preflight(ctx, { manifest, source: "console" });
  expect(problems).toEqual([]);
  expect(changes).toMatchObject([{ name: "iris", change: "updated", isMessageRequired: true }]);
  expect(changes[0]?.fields.map(({ field, before, after, impact }) => [field, before, after, impact])).toEqual([
    ["metadata.title", null, "Iris", "none"],
    ["spec.scaling.replicas", 1, 2, "live"],
    ["spec.variants.0.model.uri", "file:/models/iris.onnx", "file:/models/other.onnx", "reload"],
  ]);
  const unchanged = await preflight(ctx, { manifest: deployment("iris", { lines: PRODUCTION }), source: "console" });
  expect(unchanged.changes).toMatchObject([{ change: "unchanged", fields: [], isMessageRequired: false }]);
});

test("each problem of a preflight stands at its line and column", async () => {
  const { ctx } = await domain();
  const manifest = deployment("iris", { lines: "  scaling:\n    replicas: -1\n  colour: red" });
  const { problems } = await preflight(ctx, { manifest, source: "api" });
  expect(problems).toEqual([
    expect.objectContaining({ field: "spec.scaling.replicas", position: { line: 7, column: 15 } }),
    expect.objectContaining({ field: "spec.colour", position: { line: 8, column: 11 } }),
  ]);
});
