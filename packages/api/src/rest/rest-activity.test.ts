import { testDatabase } from "@slipway/testkit";
import { expect, test } from "vitest";
import * as z from "zod";
import { deployment, serveApi } from "../testing/serve-api.ts";

const page = z.object({
  items: z.array(z.object({ action: z.string(), name: z.string() })),
  next: z.string().nullable(),
});

test("activity is read over REST page by page, narrowed by kind, name and actor", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  const list = async (query: string) => page.parse((await call("GET", `/api/v1/activity?${query}`)).body);
  for (const name of ["iris", "fraud"]) await call("POST", "/api/v1/apply", { manifest: deployment(name) });
  await call("POST", "/api/v1/deployments/iris/scale", { replicas: 2 });
  const first = await list("limit=2");
  const second = await list(`limit=2&after=${first.next}`);
  expect([...first.items, ...second.items].map(({ action, name }) => `${action} ${name}`)).toEqual([
    "deployment.scale iris",
    "deployment.apply fraud",
    "deployment.apply iris",
  ]);
  expect(second.next).toBeNull();
  expect((await list("kind=deployments&name=fraud&actor=local-admin")).items).toHaveLength(1);
  expect((await list("kind=servers")).items).toEqual([]);
  expect((await list("group=other")).items).toEqual([]);
});

test("activity refuses what it does not know by the name of the field", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  for (const [query, field] of [
    ["kind=widgets", "kind"],
    ["limit=0", "limit"],
    ["limit=100000", "limit"],
    ["after=nonsense", "after"],
    ["who=ada", "who"],
  ]) {
    const { status, body } = await call("GET", `/api/v1/activity?${query}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { code: "request/invalid", field } });
  }
});
