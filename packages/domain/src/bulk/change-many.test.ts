import { BULK_LIMIT, type BulkAction } from "@slipway/contracts";
import { expect, test } from "vitest";
import { listAudit } from "../audit/list-audit.ts";
import { getResource } from "../resource/get-resource.ts";
import { labelResource } from "../resource/label-resource.ts";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { type ChangeMany, changeMany } from "./change-many.ts";

const many = (action: BulkAction, names: readonly string[]): ChangeMany => ({
  kind: "Deployment",
  action,
  items: names.map((name) => ({ group: "default", name })),
  source: "api",
});
const ref = (name: string) => ({ kind: "Deployment" as const, group: "default", name });

test("what is refused of one keeps none of the others, and every item has its result in the order given", async () => {
  const { ctx, apply } = await domain();
  for (const name of ["a", "b", "c"]) await apply(deployment(name));
  const input = many("stop", ["c", "missing", "a", "b"]);
  const items = input.items.map((item) => (item.name === "a" ? { ...item, version: 7 } : item));
  const results = await changeMany(ctx, { ...input, items, message: "Night" });
  expect(results).toMatchObject([
    { name: "c", outcome: "done", version: 2 },
    { name: "missing", outcome: "refused", code: "resource/not_found", error: "There is no Deployment named missing." },
    { name: "a", outcome: "refused", code: "resource/conflict", error: expect.stringContaining("version 7") },
    { name: "b", outcome: "done", version: 2 },
  ]);
  expect((await getResource(ctx, ref("a"))).spec.running).toBe(true);
  expect((await getResource(ctx, ref("b"))).spec.running).toBe(false);
  const { items: audit } = await listAudit(ctx, { group: "default" });
  const stops = audit.filter(({ action }) => action === "deployment.stop");
  expect(stops.map(({ name, message }) => `${name} ${message}`).toSorted()).toEqual(["b Night", "c Night"]);
});

test("many are started, labelled and deleted alike", async () => {
  const { ctx, apply } = await domain();
  for (const name of ["a", "b"]) await apply(deployment(name, { lines: "  running: false" }));
  expect(await changeMany(ctx, many("start", ["a", "b"]))).toMatchObject([{ outcome: "done" }, { outcome: "done" }]);
  await changeMany(ctx, { ...many("label", ["a", "b"]), labels: { set: { team: "growth" }, remove: [] } });
  expect((await getResource(ctx, ref("b"))).metadata.labels).toEqual({ team: "growth" });
  await changeMany(ctx, many("delete", ["a", "b"]));
  expect((await getResource(ctx, ref("a"))).metadata.deletedAt).not.toBeNull();
  const [again] = await changeMany(ctx, many("stop", ["a"]));
  expect(again).toMatchObject({ outcome: "refused", code: "resource/still_deleting" });
});

test("a list of nothing, of too many, or with one that is named twice changes nothing", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("a"));
  const names = Array.from({ length: BULK_LIMIT + 1 }, (_, n) => `m-${n}`);
  for (const wrong of [[], names, ["a", "a"]]) {
    await expect(changeMany(ctx, many("delete", wrong))).rejects.toMatchObject({
      code: "request/invalid",
      field: "items",
    });
  }
  await expect(changeMany(ctx, many("label", ["a"]))).rejects.toMatchObject({ field: "set" });
  expect((await getResource(ctx, ref("a"))).metadata.version).toBe(1);
});

test("who may do it to none is refused before anything is read", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("a"));
  const client = { ...ctx, actor: { kind: "client" as const, deployment: "a", client: "app" } };
  for (const action of ["start", "stop", "label", "delete"] as const) {
    await expect(changeMany(client, many(action, ["a"]))).rejects.toMatchObject({ code: "auth/forbidden" });
  }
});

test("a label makes a new version and no new generation, and stands in the audit with what it was before", async () => {
  const { ctx, apply, count } = await domain();
  await apply(deployment("a", { metadata: ", labels: { team: growth, tier: one }" }));
  const revisions = await count("revision");
  const change = { set: { team: "risk" }, remove: ["tier", "unknown"] };
  const { metadata } = await labelResource(ctx, { ref: ref("a"), ...change, expected: { version: 1 } });
  expect(metadata).toMatchObject({ labels: { team: "risk" }, version: 2, generation: 1 });
  expect(await count("revision")).toBe(revisions);
  const { items } = await listAudit(ctx, { group: "default" });
  expect(items[0]).toMatchObject({
    action: "deployment.label",
    diff: expect.arrayContaining([{ field: "metadata.labels.team", before: "growth", after: "risk" }]),
  });
  const same = await labelResource(ctx, { ref: ref("a"), ...change });
  expect(same.metadata.version).toBe(2);
});

test("labels that are none are refused at their name, and nothing is stored", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("a"));
  const long = labelResource(ctx, { ref: ref("a"), set: { team: "x".repeat(64) }, remove: [] });
  await expect(long).rejects.toMatchObject({ code: "manifest/invalid", field: "labels.team" });
  const odd = labelResource(ctx, { ref: ref("a"), set: { "a b": "x" }, remove: [] });
  await expect(odd).rejects.toMatchObject({ code: "manifest/invalid" });
  expect((await getResource(ctx, ref("a"))).metadata.labels).toEqual({});
});
