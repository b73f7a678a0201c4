import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDirectoryStore, systemRandom } from "@slipway/domain";
import { silentLogger, systemClock } from "@slipway/service-kit";
import { testDatabase } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { createApi } from "./create-api.ts";
import { createGatewayClient } from "./gateway/gateway-client.ts";
import { createSchedulerClient } from "./scheduler/scheduler-client.ts";

const ADMIN = "an-admin-token-for-tests";
const manifest = (name: string, extra = "") => `apiVersion: slipway.dev/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  variants: [{ model: { uri: "file:/models/iris.onnx" } }]
${extra}`;

let base = "";
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const { db } = await testDatabase();
  const registryFolder = await mkdtemp(join(tmpdir(), "slipway-registry-"));
  stops.push(() => rm(registryFolder, { recursive: true, force: true }));
  const api = createApi({
    db,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    scheduler: createSchedulerClient([], "secret"),
    gateway: createGatewayClient({ url: "http://127.0.0.1:9", internalSecret: "secret", clock: systemClock }),
    artifacts: await openDirectoryStore(registryFolder, systemRandom),
    internalSecret: "secret",
    modelMaxBytes: 1_000_000,
    modelRoots: [],
    tokenKey: Buffer.alloc(32, 1),
    adminToken: ADMIN,
    instanceId: "test",
    publicUrl: () => base,
  });
  const server = createServer((request, response) => {
    if (!api.handle(request, response)) response.writeHead(418).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  await api.start(new AbortController().signal);
  stops.push(
    () => api.stop(AbortSignal.timeout(5_000)),
    () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  );
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

async function call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}

const apply = (name: string, extra = "") => call("POST", "/api/v1/apply", { manifest: manifest(name, extra) });

describe("resources over REST", () => {
  test("what was applied can be read, listed, scaled, stopped, compared, rolled back and deleted", async () => {
    expect((await apply("whole")).body).toMatchObject({ results: [{ change: "created" }] });
    const path = "/api/v1/deployments/whole";
    expect((await call("GET", path)).body).toMatchObject({ metadata: { generation: 1, version: 1 } });
    expect((await call("POST", `${path}/scale`, { replicas: 3 })).body).toMatchObject({
      spec: { scaling: { replicas: 3 } },
    });
    expect((await call("POST", `${path}/stop`)).body).toMatchObject({ spec: { running: false } });
    expect((await call("GET", `${path}/diff?from=1&to=2`)).body).toMatchObject({
      fields: [{ field: "spec.scaling.replicas", before: 1, after: 3 }],
    });
    expect((await call("POST", `${path}/rollback`, { to: 1 })).body).toMatchObject({
      metadata: { generation: 4 },
      spec: { running: true, scaling: { replicas: 1 } },
    });
    const { body } = await call("GET", `${path}/revisions`);
    expect(
      z
        .object({ items: z.array(z.object({ generation: z.int() })) })
        .parse(body)
        .items.map((r) => r.generation),
    ).toEqual([4, 3, 2, 1]);
    expect((await call("DELETE", path)).body).toMatchObject({ metadata: { deletedAt: expect.any(String) } });
  });

  test("the kind stands in the path in any case, singular or plural", async () => {
    await apply("cases");
    for (const word of ["deployments", "Deployment", "DEPLOYMENTS"]) {
      expect((await call("GET", `/api/v1/${word}/cases`)).status).toBe(200);
    }
    expect((await call("GET", "/api/v1/pods/cases")).body).toMatchObject({ code: "request/invalid", field: "kind" });
  });

  test("a writer who saw an older version is refused and told both", async () => {
    await apply("contested");
    await call("POST", "/api/v1/deployments/contested/scale", { replicas: 2 });
    const late = await call("POST", "/api/v1/deployments/contested/scale", { replicas: 5, version: 1 });
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({ code: "resource/conflict", error: expect.stringMatching(/1.*2/) });
  });

  test("every problem of a manifest comes at once, at its field, and nothing is stored", async () => {
    const answer = await apply("broken", "  placement: { mode: dedicated }\n  scaling: { replicas: -1 }\n  wings: 2");
    expect(answer.status).toBe(422);
    const { problems } = z.object({ problems: z.array(z.object({ field: z.string() })) }).parse(answer.body);
    expect(problems.map(({ field }) => field).sort()).toEqual([
      "spec.placement",
      "spec.scaling.replicas",
      "spec.wings",
    ]);
    expect((await call("GET", "/api/v1/deployments/broken")).status).toBe(404);
  });
});

describe("what a caller gets wrong", () => {
  test.each([
    ["no credential", { authorization: "" }, 401, "auth/missing"],
    ["a wrong token", { authorization: "Bearer wrong" }, 401, "auth/unknown"],
    ["another scheme", { authorization: "Basic YTpi" }, 401, "auth/unknown"],
  ])("%s is a 401 that says how to authenticate", async (_, headers, status, code) => {
    const sent = headers.authorization === "" ? {} : headers;
    const response = await fetch(`${base}/api/v1/deployments`, { headers: sent });
    expect(response.status).toBe(status);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(await response.json()).toMatchObject({ code });
  });

  test.each([
    ["malformed JSON", "{", 400, "request/malformed_json"],
    ["a body that is no object", "[]", 400, "request/invalid"],
    ["deep nesting", `{"manifest":${"[".repeat(40)}${"]".repeat(40)}}`, 400, "request/too_deep"],
    ["a missing field", "{}", 400, "request/invalid"],
    ["a huge body", `{"manifest":"${"x".repeat(5_000_000)}"}`, 413, "request/too_large"],
  ])("%s is refused with its code", async (_, body, status, code) => {
    const answer = await call("POST", "/api/v1/apply", body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code, requestId: expect.any(String) });
  });

  test("an unknown path is 404 and a wrong method says which are allowed", async () => {
    expect((await call("GET", "/api/v1/a/b/c/d")).body).toMatchObject({ code: "request/not_found" });
    expect((await call("PUT", "/api/v1/apply", {})).body).toMatchObject({ code: "request/method_not_allowed" });
  });

  test("a well-formed request id is kept, any other is replaced", async () => {
    const kept = await call("GET", "/api/v1/whoami", undefined, { "x-request-id": "my-id-1" });
    expect(kept.headers.get("x-request-id")).toBe("my-id-1");
    const made = await call("GET", "/api/v1/whoami", undefined, { "x-request-id": "a b" });
    expect(made.headers.get("x-request-id")).toMatch(/^req_/);
  });

  test("without a leader, what only it knows is a 503 in words", async () => {
    await apply("unled");
    const answer = await call("GET", "/api/v1/deployments/unled/explain");
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: "scheduler/no_leader" });
  });
});

describe("signing a browser in", () => {
  async function link(): Promise<string> {
    const { body } = await call("POST", "/api/v1/login-links", {});
    const url = new URL(z.object({ url: z.string() }).parse(body).url);
    expect(url.search).toBe("");
    return url.hash.slice(1);
  }
  const spend = (secret: string) =>
    fetch(`${base}/sign-in`, { method: "POST", body: new URLSearchParams({ link: secret }) });

  test("a link works once, by POST only, and its cookie is out of reach of scripts and other sites", async () => {
    const secret = await link();
    expect((await fetch(`${base}/sign-in?link=${secret}`)).status).toBe(418);
    const first = await spend(secret);
    expect(first.status).toBe(200);
    expect(first.headers.get("set-cookie")).toMatch(/^slipway_test\.session_token=.*HttpOnly; SameSite=Lax/);
    const second = await spend(secret);
    expect(second.status).toBe(410);
    expect(await second.json()).toMatchObject({ code: "sign_in/link_spent" });
  });

  test("a browser reads with its cookie, and changes only from a page of ours", async () => {
    await apply("browsed");
    const cookie = (await spend(await link())).headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await fetch(`${base}/api/v1/deployments/browsed`, { headers: { cookie } })).status).toBe(200);
    const scale = (headers: Record<string, string>) =>
      rawPost("/api/v1/deployments/browsed/scale", '{"replicas":2}', { cookie, ...headers });
    expect(await scale({})).toBe(403);
    expect(await scale({ origin: "http://evil.example" })).toBe(403);
    expect(await scale({ "sec-fetch-site": "cross-site", origin: base })).toBe(403);
    expect(await scale({ origin: base })).toBe(200);
  });

  test("a password of one's own signs in from then on, and the session's secret is in its cookie alone", async () => {
    const cookie = (await spend(await link())).headers.get("set-cookie")?.split(";")[0] ?? "";
    const password = "correct horse battery";
    const set = await fetch(`${base}/api/v1/account/password`, {
      method: "POST",
      headers: { cookie, origin: base },
      body: JSON.stringify({ password }),
    });
    expect(await set.json()).toMatchObject({ user: "admin", hasPassword: true });
    const signIn = (body: object, headers: Record<string, string> = { origin: base }) =>
      fetch(`${base}/api/auth/sign-in/username`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
    const signedIn = await signIn({ username: "admin", password });
    expect(await signedIn.json()).toEqual({ signedIn: true });
    const next = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await fetch(`${base}/api/v1/whoami`, { headers: { cookie: next } })).status).toBe(200);
    const refused = await signIn({ username: "admin", password: "something else" });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: "sign_in/refused" });
    expect((await signIn({ username: "admin", password }, { origin: "http://evil.example" })).status).toBe(403);
  });

  test("of the authenticator's endpoints only those that pages use can be reached", async () => {
    for (const path of ["sign-up/email", "list-sessions", "get-session", "sign-in/email", "sign-in/link"]) {
      const answer = await fetch(`${base}/api/auth/${path}`, { method: "POST", headers: { origin: base } });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const { status, body } = await call("GET", "/api/v1/account");
    expect([status, body]).toMatchObject([403, { code: "auth/forbidden" }]);
  });

  test("signing out ends the session everywhere", async () => {
    const cookie = (await spend(await link())).headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(await rawPost("/sign-out", "", { cookie, origin: base })).toBe(200);
    expect((await fetch(`${base}/api/v1/whoami`, { headers: { cookie } })).status).toBe(401);
  });
});

test("the description of the API names every path that answers", async () => {
  const { paths } = z
    .object({ paths: z.record(z.string(), z.unknown()) })
    .parse((await call("GET", "/api/v1/openapi.json")).body);
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      "/apply",
      "/{kind}",
      "/{kind}/{name}",
      "/{kind}/{name}/scale",
      "/deployments/{name}/tokens",
    ]),
  );
});

test("a follower is told to list, and then of every change", async () => {
  const abort = new AbortController();
  const input = encodeURIComponent(JSON.stringify({ kind: "Deployment", group: "default" }));
  const response = await fetch(`${base}/api/trpc/live.resources?input=${input}`, {
    headers: { authorization: `Bearer ${ADMIN}`, accept: "text/event-stream" },
    signal: abort.signal,
  });
  if (response.body === null) throw new Error("expected a stream");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const hear = async (text: string) => {
    while (!heard.includes(text)) heard += (await reader.read()).value ?? "";
  };
  await hear('"type":"list"');
  await apply("followed");
  await hear('"name":"followed"');
  abort.abort();
});

/** A POST whose headers fetch would not let through. */
function rawPost(path: string, body: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${base}${path}`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
