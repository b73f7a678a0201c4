import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { consoleCredential } from "@slipway/rpc";
import { systemClock } from "@slipway/service-kit";
import { testDatabase, until } from "@slipway/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createGatewayClient } from "../gateway/gateway-client.ts";
import { ADMIN_TOKEN, deployment, serveApi } from "../testing/serve-api.ts";

type Seen = { url: string; headers: IncomingMessage["headers"]; body: string };
const TRY = "/api/v1/deployments/iris/try";

/** Something that answers where a gateway would, and an API with deployment iris that calls it. */
async function gatewayThat(answer: (response: ServerResponse) => void, timeoutMs = 5_000) {
  const seen: Seen[] = [];
  const state = { cut: 0 };
  const server = createServer(async (request, response) => {
    response.once("close", () => {
      if (!response.writableEnded) state.cut += 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    seen.push({ url: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() });
    answer(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const gateway = createGatewayClient({ url: `${url}/`, internalSecret: "secret", clock: systemClock, timeoutMs });
  const { db } = await testDatabase();
  const api = await serveApi({ db, gateway });
  await api.call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  return { ...api, seen, state, url, server };
}

test("a try goes to the deployment's one URL with the console's credential, and the answer comes back whole", async () => {
  const { call, seen, url } = await gatewayThat((response) => {
    response.writeHead(200, { "content-type": "application/json", "x-request-id": "req_given", "set-cookie": "a=b" });
    response.end('{"outputs":[{"data":[9007199254740993]}]}');
  });
  const body = '{"inputs":[{"data":[9007199254740993]}]}';
  const answer = await call("POST", TRY, { body });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    status: 200,
    body: '{"outputs":[{"data":[9007199254740993]}]}',
    isTruncated: false,
    requestId: "req_given",
    url: `${url}/serve/default/iris/v2/models/iris/infer`,
    latencyMs: expect.any(Number),
    headers: expect.objectContaining({ "content-type": "application/json" }),
  });
  expect(answer.text).not.toContain("set-cookie");
  const [sent] = seen;
  expect(sent).toMatchObject({ url: "/serve/default/iris/v2/models/iris/infer", body });
  expect(sent?.headers.authorization).toBe(`Bearer ${consoleCredential("secret")}`);
  expect(sent?.headers["x-request-id"]).toMatch(/^req_/);
  expect(answer.text).not.toContain(consoleCredential("secret"));

  await call("POST", TRY, { body: { data: { ndarray: [[1]] } }, protocol: "seldon" });
  expect(seen[1]).toMatchObject({
    url: "/serve/default/iris/api/v1.0/predictions",
    body: '{"data":{"ndarray":[[1]]}}',
  });
});

test("an error of the gateway comes back as it is, not as an error of the try", async () => {
  const said = '{"error":"Deployment iris is stopped.","code":"gateway/stopped","requestId":"req_1"}';
  const { call } = await gatewayThat((response) => response.writeHead(503).end(said));
  expect(await call("POST", TRY, { body: {} })).toMatchObject({ status: 200, body: { status: 503, body: said } });
});

test("an answer beyond 2 MiB is cut there, after a whole character, and says so", async () => {
  const { call } = await gatewayThat((response) => response.writeHead(200).end(`x${"é".repeat(2_000_000)}`));
  const { body } = await call("POST", TRY, { body: "{}" });
  expect(body).toMatchObject({ isTruncated: true });
  const text = String(Object(body).body);
  expect(text).toBe(`x${"é".repeat(1_048_575)}`);
});

test("a body over 1 MiB is refused with what was given and what is allowed, and nothing is sent", async () => {
  const { call, seen } = await gatewayThat((response) => response.end());
  const answer = await call("POST", TRY, { body: "é".repeat(524_289) });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ field: "body", error: expect.stringMatching(/1048578 bytes.*1048576/) });
  expect((await call("POST", TRY, { body: 5 })).body).toMatchObject({ code: "request/invalid", field: "body" });
  expect((await call("POST", TRY, {})).status).toBe(400);
  expect(seen).toEqual([]);
});

test("a gateway that is not there or never ends its answer is an error of the table", async () => {
  const slow = await gatewayThat((response) => void response.writeHead(200).write("{"), 100);
  expect(await slow.call("POST", TRY, { body: {} })).toMatchObject({ status: 504, body: { code: "trial/timeout" } });
  slow.server.close().closeAllConnections();
  expect(await slow.call("POST", TRY, { body: {} })).toMatchObject({ status: 503, body: { code: "trial/no_gateway" } });
});

test("a caller who leaves ends the call of the deployment too", async () => {
  const { base, seen, state } = await gatewayThat(() => undefined);
  const abort = new AbortController();
  const left = fetch(`${base}${TRY}`, {
    method: "POST",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: '{"body":{}}',
    signal: abort.signal,
  });
  await until(() => seen.length === 1, { what: "the call has come" });
  abort.abort();
  await expect(left).rejects.toThrow();
  await until(() => state.cut === 1, { what: "the call is cut" });
});

test("a deployment that is not there is said so before anything is sent, and nobody without a credential tries", async () => {
  const { base, call, seen } = await gatewayThat((response) => response.end());
  expect(await call("POST", "/api/v1/deployments/none/try", { body: {} })).toMatchObject({
    status: 404,
    body: { code: "resource/not_found" },
  });
  const headers = { "content-type": "application/json" };
  expect((await fetch(`${base}${TRY}`, { method: "POST", headers, body: '{"body":{}}' })).status).toBe(401);
  expect(seen).toEqual([]);
});
