import { expect, test } from "vitest";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { listResources } from "./list-resources.ts";

const names = (list: { items: { metadata: { group: string; name: string } }[] }) =>
  list.items.map(({ metadata }) => `${metadata.group}/${metadata.name}`);

test("pages follow each other without gaps, whatever is created in between", async () => {
  const { ctx, apply } = await domain();
  for (const name of ["a", "c", "e"]) await apply(deployment(name));
  const first = await listResources(ctx, { kind: "Deployment", group: "default", limit: 2 });
  expect(names(first)).toEqual(["default/a", "default/c"]);
  await apply(deployment("b"));
  await apply(deployment("d"));
  const second = await listResources(ctx, { kind: "Deployment", group: "default", limit: 2, after: first.next ?? "" });
  expect(names(second)).toEqual(["default/d", "default/e"]);
  expect(second.next).toBeNull();
});

test("labels, a part of the name or title, group and kind narrow a list", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris", { metadata: ", title: 100% Flowers, labels: { team: growth, tier: one }" }));
  await apply(deployment("fraud", { metadata: ", labels: { team: risk }" }));
  await apply(deployment("fraud", { group: "other" }));
  await apply("{ apiVersion: slipway.dev/v1, kind: Server, metadata: { name: fraud }, spec: {} }");
  const list = (query: object) => listResources(ctx, { kind: "Deployment", group: "default", ...query }).then(names);
  expect(await list({ labels: { team: "growth" } })).toEqual(["default/iris"]);
  expect(await list({ labels: { team: "growth", tier: "two" } })).toEqual([]);
  expect(await list({ search: "FLOW" })).toEqual(["default/iris"]);
  expect(await list({ search: "0% f" })).toEqual(["default/iris"]);
  expect(await list({ search: "%" })).toEqual(["default/iris"]);
  expect(await list({ group: "*", search: "fraud" })).toEqual(["default/fraud", "other/fraud"]);
});

test("a place that no list gave is refused", async () => {
  const { ctx } = await domain();
  const listing = listResources(ctx, { kind: "Deployment", group: "default", after: "nonsense" });
  await expect(listing).rejects.toMatchObject({ code: "request/invalid", field: "after" });
});
