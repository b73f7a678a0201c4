import { testDatabase } from "@slipway/testkit";
import { expect, test } from "vitest";
import * as z from "zod";
import { ADMIN_TOKEN, deployment, serveApi } from "../testing/serve-api.ts";

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

test("activity is exported whole as lines of JSON or as CSV, narrowed like the list, and refused to nobody known", async () => {
  const { db } = await testDatabase();
  const { call, base } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  await call("POST", "/api/v1/deployments/iris/scale", { replicas: 2, message: '=1+1, he said "now"' });
  await db.pool.query(
    `INSERT INTO audit (id, at, actor, action, "group", kind, name, request_id)
     SELECT gen_random_uuid(), now() - interval '1 day', 'local-admin', 'deployment.apply', 'default', 'Deployment', 'n' || n, 'req' FROM generate_series(1, 450) n`,
  );
  const read = async (query: string, authorization = `Bearer ${ADMIN_TOKEN}`) => {
    const response = await fetch(`${base}/api/v1/activity/export?${query}`, { headers: { authorization } });
    return { response, text: await response.text() };
  };
  const all = await read("");
  const lines = all.text.trimEnd().split("\n");
  expect(lines).toHaveLength(452);
  expect(new Set(lines.map((line) => z.object({ id: z.string() }).parse(JSON.parse(line)).id)).size).toBe(452);
  const csv = await read("format=csv&action=deployment.scale");
  expect(csv.response.headers.get("content-disposition")).toBe('attachment; filename="slipway-activity.csv"');
  const [head, row] = csv.text.split("\r\n");
  expect(head).toBe("at,actor,action,group,kind,name,message,requestId,diff");
  expect(row).toContain(`"'=1+1, he said ""now"""`);
  expect((await read("format=xml")).response.status).toBe(400);
  expect((await read("", "Bearer nobody")).response.status).toBe(401);
});
