import { type ClientRequest, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { systemClock } from "@slipway/service-kit";
import { testDatabase } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADMIN_TOKEN, deployment, serveApi } from "../testing/serve-api.ts";
import { BODY_MS, MAX_BODY_BYTES } from "./read-body.ts";

const ADMIN = { authorization: `Bearer ${ADMIN_TOKEN}` };
const APPLY = "/api/v1/apply";
const TRPC_APPLY = "/api/trpc/resource.applyManifests";

type Served = Awaited<ReturnType<typeof serveApi>>;
type Sending = { sending: ClientRequest; answer: Promise<{ status: number; text: string }> };

/** A request whose head is sent, and of its body what the test then writes. */
function open(base: string, method: string, path: string, headers: OutgoingHttpHeaders): Sending {
  const sending = httpRequest(`${base}${path}`, { method, headers });
  const answer = new Promise<{ status: number; text: string }>((resolve, reject) => {
    sending.on("error", reject);
    sending.on("response", (response: IncomingMessage) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
  answer.catch(() => undefined);
  sending.flushHeaders();
  return { sending, answer };
}

async function send(base: string, method: string, path: string, headers: OutgoingHttpHeaders, body = "") {
  const { sending, answer } = open(base, method, path, headers);
  sending.end(body);
  return answer;
}

describe("with the usual limits", () => {
  let served: Served;
  let cookie: string;
  const stops: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop();
  });
  beforeAll(async () => {
    const { db } = await testDatabase();
    served = await serveApi({ db, whenOver: (stop) => stops.push(stop) });
    await served.call("POST", APPLY, { manifest: deployment("iris") });
    const { text } = await served.call("POST", "/api/v1/login-links", {});
    const link = new URL(String(Object(JSON.parse(text)).url)).hash.slice(1);
    const signedIn = await fetch(`${served.base}/sign-in`, { method: "POST", body: new URLSearchParams({ link }) });
    cookie = signedIn.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  });

  test.each([
    ["POST", APPLY],
    ["POST", TRPC_APPLY],
    ["PUT", "/api/v1/registry/models/m/versions"],
  ])("who says not who they are is refused before any of their body is read: %s %s", async (method, path) => {
    const headers = { "content-type": "application/json", "content-length": 3_900_000 };
    // Nothing of the body is ever sent, so an answer that waited for it would not come.
    const { sending, answer } = open(served.base, method, path, headers);
    expect(await answer).toMatchObject({ status: 401, text: expect.stringContaining("auth/missing") });
    sending.destroy();
  });

  test.each([
    ["POST", APPLY, {}],
    ["POST", TRPC_APPLY, {}],
    ["POST", "/api/v1/deployments/iris/scale", { "sec-fetch-site": "same-site" }],
    ["POST", "/api/v1/deployments/iris/scale", { "sec-fetch-site": "none" }],
    ["DELETE", "/api/v1/deployments/iris", { "sec-fetch-site": "none" }],
    ["PUT", "/api/v1/registry/models/m/versions", { origin: "http://elsewhere.example" }],
    ["PUT", "/api/v1/registry/models/m/versions", { "sec-fetch-site": "cross-site" }],
    ["PUT", "/api/v1/registry/models/m/versions", { "sec-fetch-site": "same-site" }],
  ])("a browser's cookie alone changes nothing, and its body is not read: %s %s %j", async (method, path, from) => {
    const headers = { cookie, ...from, "content-type": "application/json", "content-length": 100_000 };
    const { sending, answer } = open(served.base, method, path, headers);
    expect(await answer).toMatchObject({ status: 403, text: expect.stringContaining("auth/forbidden") });
    sending.destroy();
  });

  test.each([
    ["/api/v1/apply", MAX_BODY_BYTES, ADMIN],
    ["/sign-in", 4_096, {}],
    ["/api/auth/sign-in/username", 32 * 1024, {}],
  ])("a body of no declared length is refused at the byte that is too many: %s", async (path, limit, headers) => {
    const { sending, answer } = open(served.base, "POST", path, { ...headers, "transfer-encoding": "chunked" });
    sending.write(" ".repeat(limit));
    sending.write(" ");
    // It is not ended, so nothing but its length can be the reason.
    expect(await answer).toMatchObject({ status: 413, text: expect.stringContaining("request/too_large") });
  });

  test("what a path says, no body and no query overrides", async () => {
    await served.call("POST", APPLY, { manifest: deployment("other") });
    const path = "/api/v1/deployments/iris/scale?name=other&kind=servers";
    const { body } = await served.call("POST", path, { replicas: 2, name: "other", kind: "models" });
    expect(body).toMatchObject({ kind: "Deployment", metadata: { name: "iris" }, spec: { scaling: { replicas: 2 } } });
    expect((await served.call("GET", "/api/v1/deployments/other")).body).toMatchObject({
      spec: { scaling: { replicas: 1 } },
    });
  });

  test.each([
    ["nested too deep", `{"manifest":${"[".repeat(33)}${"]".repeat(33)}}`, "request/too_deep"],
    ["of too many values", `{"manifest":[${"1,".repeat(200_000)}1]}`, "request/too_many_values"],
    [
      "that is not UTF-8",
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString("latin1"),
      "request/malformed_json",
    ],
  ])("JSON %s is refused before it is parsed, over REST and tRPC alike", async (_name, text, code) => {
    for (const path of [APPLY, TRPC_APPLY]) {
      const headers = { ...ADMIN, "content-type": "application/json" };
      const { sending, answer } = open(served.base, "POST", path, headers);
      sending.end(Buffer.from(text, "latin1"));
      expect(await answer).toMatchObject({ status: 400, text: expect.stringContaining(code) });
    }
  });

  test("a request with very many unknown fields is told of the first ones, and how many more", async () => {
    const extra = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`field${n}`, 1]));
    const { status, text } = await served.call("POST", APPLY, { manifest: "", ...extra });
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(20_000);
    expect(text).toContain("has 49900 more problems");
  });

  test("no answer is taken for a page by a browser", async () => {
    for (const path of ["/api/v1/whoami", "/api/v1/nothing", "/api/v1/activity/export?group=*&format=csv"]) {
      const { headers } = await served.call("GET", path);
      expect([path, headers.get("x-content-type-options")]).toEqual([path, "nosniff"]);
    }
    const trpc = await fetch(`${served.base}/api/trpc/group.list`, { headers: ADMIN });
    expect(trpc.headers.get("x-content-type-options")).toBe("nosniff");
  });
});

test("bodies that are held together take no more than their caller's share, and give it back", async () => {
  const { db } = await testDatabase();
  const { base } = await serveApi({ db, bodyLimits: { totalBytes: 1_000, callerBytes: 600 } });
  const json = { ...ADMIN, "content-type": "application/json" };
  const holding = [open(base, "POST", APPLY, json), open(base, "POST", APPLY, json)];
  for (const { sending } of holding) sending.write(`{"manifest":"${"x".repeat(200)}`);
  // Until both are held, a third one still fits.
  for (;;) {
    const { status, text } = await send(base, "POST", "/api/v1/preflight", json, `{"manifest":"${"x".repeat(250)}"}`);
    if (status !== 200) {
      expect([status, text]).toEqual([429, expect.stringContaining("request/too_many_bytes")]);
      break;
    }
  }
  // What somebody else holds is counted apart.
  const other = await send(base, "POST", "/sign-in", {}, `link=${"x".repeat(180)}`);
  expect(other.status).toBe(410);
  for (const { sending } of holding) sending.end('"}');
  for (const { answer } of holding) expect(await answer).toMatchObject({ status: 422 });
  const after = await send(base, "POST", "/api/v1/preflight", json, `{"manifest":"${"x".repeat(500)}"}`);
  expect(after.status).toBe(200);
});

test("a body that does not come to an end in time is given up, and one whose sender leaves is no error of ours", async () => {
  const { db } = await testDatabase();
  const hurried = {
    ...systemClock,
    after: (ms: number, call: () => void) => systemClock.after(ms === BODY_MS ? 0 : ms, call),
  };
  const { base } = await serveApi({ db, clock: hurried });
  const { sending, answer } = open(base, "POST", APPLY, { ...ADMIN, "content-length": 100 });
  sending.write("{");
  expect(await answer).toMatchObject({ status: 408, text: expect.stringContaining("request/timeout") });
});
