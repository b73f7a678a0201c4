import { SlipwayError } from "@slipway/contracts";
import { createDb, type SchedulerPort } from "@slipway/domain";
import { testDatabase } from "@slipway/testkit";
import { expect, onTestFinished, test } from "vitest";
import { deployment, serveApi } from "../testing/serve-api.ts";

function port(overrides: Partial<SchedulerPort>): SchedulerPort {
  const refuse = () => Promise.reject(new SlipwayError("scheduler/no_leader", {}));
  return {
    explain: refuse,
    awaitRouted: refuse,
    logs() {
      throw new SlipwayError("scheduler/no_leader", {});
    },
    ...overrides,
  };
}

test("a field that nobody knows is refused by name, so that no misspelt one is quietly left out", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const misspelt = await call("POST", "/api/v1/deployments/iris/scale", { replicas: 2, versoin: 1 });
  expect(misspelt.status).toBe(400);
  expect(misspelt.body).toMatchObject({
    code: "request/invalid",
    field: "versoin",
    error: "versoin is not a known field.",
  });
  const wrong = await call("POST", "/api/v1/deployments/iris/scale", { replicas: -1, message: 5 });
  expect(wrong.body).toMatchObject({
    problems: expect.arrayContaining([
      { field: "replicas", message: "must be at least 0" },
      { field: "message", message: "must be a text" },
    ]),
  });
  expect((await call("POST", "/api/v1/deployments/iris/scale", {})).body).toMatchObject({
    error: "replicas is required.",
  });
});

test("a dry run answers like an apply and stores nothing", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  const answer = await call("POST", "/api/v1/apply", { manifest: deployment("iris"), dryRun: true });
  expect(answer.body).toMatchObject({ results: [{ change: "created", resource: { metadata: { name: "iris" } } }] });
  expect((await call("GET", "/api/v1/deployments/iris")).status).toBe(404);
});

test("a token's life over REST: shown once, listed without itself, its name taken, renewed, revoked", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db, scheduler: port({ awaitRouted: async () => undefined }) });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const tokens = "/api/v1/deployments/iris/tokens?group=default";
  const created = await call("POST", tokens, { client: "app" });
  expect(created.body).toMatchObject({ client: "app", token: expect.stringMatching(/^slw_/), routed: true });
  const list = await call("GET", tokens);
  expect(list.body).toMatchObject({ items: [{ client: "app", hint: expect.stringContaining("…"), revokedAt: null }] });
  expect(list.text).not.toContain("token");
  expect((await call("POST", tokens, { client: "app" })).body).toMatchObject({ code: "token/name_taken" });
  expect((await call("POST", tokens, { client: "app", renew: true })).status).toBe(200);
  const revoked = await call("DELETE", "/api/v1/deployments/iris/tokens/app");
  expect(revoked.body).toMatchObject({ client: "app", routed: true, revokedAt: expect.any(String) });
  expect((await call("DELETE", "/api/v1/deployments/iris/tokens/app")).status).toBe(404);
});

test("log lines come one JSON a line; an error before the first is an answer of its own", async () => {
  const { db } = await testDatabase();
  const scheduler = port({
    async *logs(ref, { tail }) {
      if (ref.name === "unled") throw new SlipwayError("scheduler/no_leader", {});
      yield { source: "model-server-onnx-0", atMs: 5, text: `tail ${tail}` };
    },
  });
  const { call } = await serveApi({ db, scheduler });
  await call("POST", "/api/v1/apply", { manifest: `${deployment("iris")}\n---\n${deployment("unled")}` });
  const lines = await call("GET", "/api/v1/deployments/iris/logs?tail=7");
  expect(lines.headers.get("content-type")).toContain("application/x-ndjson");
  expect(lines.text).toBe('{"source":"model-server-onnx-0","atMs":5,"text":"tail 7"}\n');
  const refused = await call("GET", "/api/v1/deployments/unled/logs");
  expect([refused.status, refused.body]).toMatchObject([503, { code: "scheduler/no_leader" }]);
  expect((await call("GET", "/api/v1/deployments/nobody/logs")).status).toBe(404);
  expect((await call("GET", "/api/v1/deployments/iris/logs?tail=-1")).body).toMatchObject({ field: "tail" });
});

test("an error that nobody foresaw is a whole 500 that shows nothing of itself", async () => {
  const { db } = await testDatabase();
  const scheduler = port({ explain: () => Promise.reject(new Error("password=hunter2")) });
  const { call } = await serveApi({ db, scheduler });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const answer = await call("GET", "/api/v1/deployments/iris/explain");
  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ code: "internal", requestId: expect.stringMatching(/^req_/) });
  expect(answer.text).not.toContain("hunter2");
});

test("a database that is away is a 503 in words, over REST and tRPC alike", async () => {
  const db = createDb("postgresql://slipway@127.0.0.1:1/slipway");
  onTestFinished(() => db.close());
  const { call } = await serveApi({ db });
  const answers = [
    await call("GET", "/api/v1/deployments"),
    await call("GET", "/api/v1/deployments/iris/revisions"),
    await call("POST", "/api/v1/apply", { manifest: deployment("iris") }),
    await call("GET", "/api/v1/status"),
  ];
  for (const { status, body } of answers) expect([status, body]).toMatchObject([503, { code: "database/unavailable" }]);
  const input = encodeURIComponent(JSON.stringify({ kind: "Deployment" }));
  const trpc = await call("GET", `/api/trpc/resource.list?input=${input}`);
  expect(trpc.status).toBe(503);
  expect(trpc.body).toMatchObject({
    error: { data: { error: { code: "database/unavailable", requestId: expect.any(String) } } },
  });
});

test("a name is checked whatever it is, also one that is a word of other addresses", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  expect((await call("GET", "/api/v1/names/deployments/iris?group=default")).body).toEqual({
    isFree: false,
    problem: "There is a deployment named iris already.",
    proposal: "iris-2",
  });
  for (const name of ["revisions", "events", "diff", "sample"]) {
    expect((await call("GET", `/api/v1/names/deployments/${name}`)).body).toMatchObject({ isFree: true });
  }
});

test("a preflight over REST places every problem, and names the fields that change with what that does", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const wrong = await call("POST", "/api/v1/preflight", { manifest: "kind: Toaster\napiVersion: slipway.dev/v1" });
  expect(wrong.body).toMatchObject({ problems: [{ field: "kind", position: { line: 1, column: 7 } }], changes: [] });
  const manifest = deployment("iris").replace("spec: {", "spec: { running: false,");
  expect((await call("POST", "/api/v1/preflight", { manifest })).body).toMatchObject({
    problems: [],
    changes: [{ change: "updated", fields: [{ field: "spec.running", before: true, after: false, impact: "stops" }] }],
  });
  const seen = await call("POST", "/api/v1/apply", { manifest, expected: [{ version: 0 }] });
  expect(seen).toMatchObject({ status: 409, body: { code: "resource/name_taken", field: "metadata.name" } });
});
