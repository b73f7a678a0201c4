import { testDatabase } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { readDefinition } from "./rest/rest-routes.ts";
import { appRouter } from "./root.ts";
import { ADMIN_TOKEN, deployment, serveApi } from "./testing/serve-api.ts";

/** Values that some store or some language cannot keep, and the edges of what columns hold. */
const ODD: readonly unknown[] = [
  "\u0000",
  "a\u0000b",
  "\ud800",
  "%00",
  "",
  "3943037707",
  "-1",
  "9223372036854775808",
  "1e400",
  "-9999999d",
  "0000-01-01T00:00:00Z",
  "+275760-09-13T00:00:00Z",
  "00000000-0000-0000-0000-000000000000",
  2_147_483_648,
  9_007_199_254_740_992,
  1e300,
  -1,
  0.5,
  null,
  true,
  [],
  ["\u0000"],
  { "\u0000": "\u0000" },
  // Places of lists, with texts and numbers in the place of each other, unsigned.
  ...[
    ["name", "\u0000", "b", "c"],
    ["updated", "x", "b", "c"],
    ["replicas", "1.5", "b", "c"],
    ["99999999999"],
    ["a", "b"],
  ].map((place) => Buffer.from(JSON.stringify(place)).toString("base64url")),
];

/** What an operation needs that is not the value in question. An operation with a new field gets a line here. */
const USUAL: Readonly<Record<string, unknown>> = {
  action: "start",
  alias: "best",
  body: { inputs: [] },
  client: "app",
  description: "what it is",
  from: 1,
  generation: 1,
  group: "default",
  id: "00000000-0000-4000-8000-000000000000",
  items: [{ name: "iris" }],
  kind: "deployments",
  manifest: deployment("iris"),
  memory: "128Mi",
  modelsOf: "*",
  name: "iris",
  password: "correct horse battery",
  query: "",
  replicas: 1,
  sample: null,
  search: "a",
  to: 1,
  uri: "file:/nowhere.onnx",
  version: 1,
};

const inputOf = z.object({
  type: z.enum(["query", "mutation", "subscription"]),
  inputs: z.array(z.instanceof(z.ZodType)).default([]),
});
const object = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

type Operation = { name: string; type: "query" | "mutation"; fields: string[]; required: string[] };

/** Every operation that answers once, those that take something away last. */
const OPERATIONS: Operation[] = Object.entries(appRouter._def.procedures)
  .flatMap(([name, procedure]): Operation[] => {
    const { type, inputs } = inputOf.parse(readDefinition(procedure));
    if (type === "subscription") return [];
    const [input] = inputs;
    const schema = input === undefined ? {} : z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
    const { properties, required } = object.parse(schema);
    return [{ name, type, fields: Object.keys(properties), required }];
  })
  .sort((a, b) => Number(takesAway(a)) - Number(takesAway(b)));

function takesAway({ name }: Operation): boolean {
  return /delete|drop|revoke|remove|end|stop/i.test(name);
}

let base = "";
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const { db } = await testDatabase();
  const served = await serveApi({ db, whenOver: (stop) => stops.push(stop) });
  base = served.base;
  await served.call("POST", "/api/v1/apply", { manifest: deployment("iris") });
});
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

const answers = z.array(
  z.object({ error: z.object({ message: z.string(), data: z.object({ httpStatus: z.int() }) }).optional() }),
);

/** Sends several calls of one operation in one request; gives their statuses. */
async function callAll({ name, type }: Operation, inputs: readonly unknown[]): Promise<number[]> {
  const body = JSON.stringify(Object.fromEntries(inputs.entries()));
  const url = `${base}/api/trpc/${inputs.map(() => name).join(",")}?batch=1`;
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
  const response =
    type === "query"
      ? await fetch(`${url}&input=${encodeURIComponent(body)}`, { headers })
      : await fetch(url, { method: "POST", headers, body });
  return answers.parse(await response.json()).map(({ error }) => error?.data.httpStatus ?? 200);
}

/** Calls that one address carries. */
const AT_ONCE = 20;

describe("whatever stands in a field of an operation, the answer is no error of the platform's", () => {
  test.each(OPERATIONS.map((operation) => [operation.name, operation] as const))("%s", async (_name, operation) => {
    const missing = operation.required.filter((field) => !(field in USUAL));
    expect(missing).toEqual([]);
    const usual = Object.fromEntries(operation.required.map((field) => [field, USUAL[field]]));
    const inputs = operation.fields.flatMap((field) => ODD.map((value) => ({ ...usual, [field]: value })));
    for (let at = 0; at < inputs.length; at += AT_ONCE) {
      const some = inputs.slice(at, at + AT_ONCE);
      const statuses = await callAll(operation, some);
      expect(some.filter((_, index) => statuses[index] === 500)).toEqual([]);
    }
  });
});

const call = (method: string, path: string, body?: unknown) =>
  fetch(`${base}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

test.each([
  ["/deployments?search=%00"],
  ["/deployments?search=%ED%A0%80"],
  ["/deployments?search=%"],
  ["/deployments/%00"],
  ["/deployments/iris.b.c"],
  ["/activity?name=%00"],
  ["/activity?from=-9999999d"],
  ["/activity/export?group=*&actor=%00"],
  ["/registry/models?search=%00"],
  ["/deployments/iris/revisions?before=3943037707"],
  ["/deployments/iris/logs?run=%00"],
  ["/deployments/iris/log-lines?after=x"],
])("what no store can keep or find is a bad request, not an error: %s", async (path) => {
  const answer = await call("GET", path);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: "request/invalid" });
});

test("a view is kept as it was named or not at all", async () => {
  for (const name of ["a\u0000b", "a\ud800b"]) {
    expect((await call("POST", "/saved-views", { page: "deployments", name, query: "" })).status).toBe(400);
  }
  const kept = await (await call("GET", "/saved-views")).json();
  expect(JSON.stringify(kept)).not.toMatch(/\\u0000|\ufffd/);
});

test("the place to go on from is one that this very list gave", async () => {
  await call("POST", "/apply", { manifest: `${deployment("page-a")}\n---\n${deployment("page-b")}` });
  const pageOf = async (path: string) =>
    z
      .object({ next: z.string().nullable(), items: z.array(z.unknown()) })
      .parse(await (await call("GET", path)).json());
  const { next } = await pageOf("/deployments?limit=1");
  if (next === null) throw new Error("there is a second page");
  expect((await pageOf(`/deployments?limit=1&after=${next}`)).items).toHaveLength(1);
  const [place = "", mac = ""] = next.split(".");
  const changed = Buffer.from(place, "base64url").toString().replace("default", "defaulu");
  for (const [path, after] of [
    ["/deployments", `${Buffer.from(changed).toString("base64url")}.${mac}`],
    ["/deployments", place],
    ["/deployments", `${place}.`],
    ["/deployments?sort=updated", next],
    ["/registry/models", next],
    ["/activity", next],
  ] as const) {
    const answer = await call("GET", `${path}${path.includes("?") ? "&" : "?"}after=${after}`);
    expect([path, after, answer.status]).toEqual([path, after, 400]);
    expect(await answer.json()).toMatchObject({ code: "request/invalid", field: "after" });
  }
});

test("every number of an input has a bound that its column holds", () => {
  const unbounded: string[] = [];
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    const { type, maximum } = Object(schema);
    if ((type === "integer" || type === "number") && !(Number(maximum) <= 2_147_483_647)) unbounded.push(path);
    for (const [key, inner] of Object.entries(schema)) walk(inner, `${path}.${key}`);
  };
  for (const [name, procedure] of Object.entries(appRouter._def.procedures)) {
    const { inputs } = inputOf.parse(readDefinition(procedure));
    for (const input of inputs) walk(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }), name);
  }
  expect(unbounded).toEqual([]);
});
