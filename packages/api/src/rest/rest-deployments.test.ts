import { bulkAnswer, deploymentFacets, deploymentRowPage, resourceView, savedView } from "@slipway/contracts";
import { testDatabase } from "@slipway/testkit";
import { expect, test } from "vitest";
import * as z from "zod";
import { deployment, serveApi } from "../testing/serve-api.ts";

const views = z.object({ items: z.array(resourceView), next: z.string().nullable() });

test("deployments are narrowed, sorted and counted over REST, as resources and as short lines", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  for (const name of ["iris", "fraud", "digits"]) await call("POST", "/api/v1/apply", { manifest: deployment(name) });
  await call("POST", "/api/v1/deployments/fraud/stop");
  const names = async (query: string) =>
    deploymentRowPage.parse((await call("GET", `/api/v1/deployment-rows?${query}`)).body);
  const first = await names("sort=-name&limit=2&lifecycle=Pending,!Live");
  expect(first.items.map(({ name }) => name)).toEqual(["iris", "fraud"]);
  const second = await names(`sort=-name&limit=2&after=${first.next}`);
  expect(second).toMatchObject({ items: [{ name: "digits" }], next: null });
  const full = views.parse((await call("GET", "/api/v1/deployments?search=FRAU")).body);
  expect(full.items.map(({ metadata }) => metadata.name)).toEqual(["fraud"]);
  const facets = deploymentFacets.parse((await call("GET", "/api/v1/deployment-facets?search=frau")).body);
  expect(facets).toMatchObject({ total: 1, facets: { lifecycle: [{ value: "Pending", count: 1 }] } });
});

test("a filter that nobody knows is refused by its field, with what was given and what is allowed", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  for (const [query, field, words] of [
    ["lifecycle=Running", "lifecycle", 'is "Running"; allowed: Pending'],
    ["health=Healthy,!Ill", "health", 'is "Ill"; allowed: Healthy'],
    ["attention=boredom", "attention", "allowed: any, failed"],
    ["labels=growth", "labels", "must be name=value"],
    [`labels=${Array.from({ length: 51 }, (_, n) => `a=${n}`).join(",")}`, "labels", "holds 51 values; at most 50"],
    ["sort=size", "sort", ""],
    ["limit=1001", "limit", "at most 1000"],
    ["stuckMinutes=0", "stuckMinutes", "at least 1"],
  ] as const) {
    const { status, body } = await call("GET", `/api/v1/deployment-rows?${query}`);
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { code: "request/invalid", field, error: expect.stringContaining(words) },
    });
  }
});

test("many are changed in one request, each with its own result; a label is a change of its own", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  for (const name of ["iris", "fraud"]) await call("POST", "/api/v1/apply", { manifest: deployment(name) });
  const items = [{ name: "iris" }, { name: "fraud", version: 9 }, { name: "digits", group: "other" }];
  const answer = await call("POST", "/api/v1/bulk/deployments", { action: "stop", items });
  expect(bulkAnswer.parse(answer.body)).toMatchObject({
    done: 1,
    refused: 2,
    results: [{ outcome: "done" }, { code: "resource/conflict" }, { code: "resource/not_found", group: "other" }],
  });
  const body = { set: { team: "growth" }, remove: ["old"] };
  const labelled = resourceView.parse((await call("POST", "/api/v1/deployments/iris/labels", body)).body);
  expect(labelled.metadata).toMatchObject({ labels: { team: "growth" }, generation: 2, version: 3 });
  const wrong = await call("POST", "/api/v1/bulk/deployments", { action: "explode", items });
  expect(wrong.body).toMatchObject({ code: "request/invalid", field: "action" });
});

test("a view is kept, listed after those of everybody, and removed over REST", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  const kept = savedView.parse((await call("POST", "/api/v1/saved-views", { name: "Mine", query: "sort=-p95" })).body);
  const listed = await call("GET", "/api/v1/saved-views?page=deployments");
  expect(listed.body).toMatchObject({ items: [{ name: "All" }, { name: "Needs attention" }, { name: "Mine" }] });
  expect((await call("DELETE", `/api/v1/saved-views/${kept.id}`)).status).toBe(200);
  expect((await call("DELETE", `/api/v1/saved-views/${kept.id}`)).body).toMatchObject({ code: "view/not_found" });
});
