import { request } from "node:http";
import { connect } from "node:net";
import { createInferenceClient } from "@slipway/inference";
import { identityModel } from "@slipway/onnx-file/testing/models";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ModelServerProcess, startModelServerProcess } from "../testing/model-server-process.ts";
import { temporaryFolder, writeModel } from "../testing/temporary-model.ts";
import { until } from "../testing/until.ts";

const ANSWER_LIMIT = 1_048_576;
const IN_FLIGHT_LIMIT = 2_097_152;

const folder = temporaryFolder();
let server: ModelServerProcess;

beforeAll(async () => {
  server = await startModelServerProcess({
    SLIPWAY_MODEL_SERVER_WORKERS: "1",
    SLIPWAY_MODEL_SERVER_MAX_ANSWER_BYTES: String(ANSWER_LIMIT),
    SLIPWAY_MODEL_SERVER_MAX_BYTES_IN_FLIGHT: String(IN_FLIGHT_LIMIT),
  });
  const client = createInferenceClient({ baseUrl: server.baseUrl });
  for (const datatype of ["FP32", "BYTES"] as const) {
    const path = writeModel(folder.path, datatype, identityModel(datatype));
    await client.load(datatype, { version: "1", path });
  }
});
afterAll(async () => {
  await server.stop();
  folder[Symbol.dispose]();
});

const infer = (model = "FP32") => `${server.baseUrl}/v2/models/${model}/infer`;
const body = (data: readonly (number | string)[], datatype = "FP32") =>
  JSON.stringify({ inputs: [{ name: "x", datatype, shape: [data.length], data }] });

describe("what is not built yet is refused by its name and by the protocol's rules", () => {
  test.each(["gzip", "deflate", "br", "GZIP"])("a body with content encoding %s", async (encoding) => {
    const headers = { "content-encoding": encoding };
    const answer = await fetch(infer(), { method: "POST", body: body([1]), headers });
    expect(answer.status).toBe(415);
    expect(answer.headers.get("accept-encoding")).toBe("identity");
    expect(await answer.json()).toMatchObject({
      code: "request/content_encoding",
      error: expect.stringContaining(`Content encoding ${encoding}`),
    });
    const identity = await fetch(infer(), {
      method: "POST",
      body: body([1]),
      headers: { "content-encoding": "Identity" },
    });
    expect(identity.status).toBe(200);
  });

  test("tensors in binary, as tritonclient sends them unless told", async () => {
    const headers = { "inference-header-content-length": "2" };
    const answer = await fetch(infer(), { method: "POST", body: "{}", headers });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({
      code: "request/binary_tensors",
      check: expect.stringContaining("binary_data=False"),
    });
  });

  test("a method that a path does not know, which says what it knows", async () => {
    const wrong = await fetch(`${server.baseUrl}/v2/models/FP32`, { method: "DELETE" });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    const get = await fetch(infer());
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
  });
});

test.each([
  "/v2",
  "/v2/health/live",
  "/v2/health/ready",
  "/v2/models/FP32",
  "/v2/models/FP32/ready",
  "/v2/models/nobody",
])("HEAD of %s answers as GET does, without a body", async (path) => {
  const get = await fetch(`${server.baseUrl}${path}`);
  const head = await fetch(`${server.baseUrl}${path}`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-type")]).toEqual([get.status, get.headers.get("content-type")]);
  expect(await head.text()).toBe("");
});

test("a body that begins with a byte order mark is read without it", async () => {
  const answer = await fetch(infer(), { method: "POST", body: `\ufeff${body([1.5])}` });
  expect((await answer.json()).outputs[0].data).toEqual([1.5]);
});

test.each(["", "?a=b"])("a target in absolute form means what its path means%s", async (query) => {
  const { hostname, port } = new URL(server.baseUrl);
  const socket = connect(Number(port), hostname);
  socket.end(`GET HTTP://somewhere:99/v2/models/FP32${query} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  const answer = Buffer.concat(await Array.fromAsync(socket)).toString();
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
  expect(answer).toContain('"name":"FP32"');
});

describe("large bodies", () => {
  test("are answered right, whatever they hold", async () => {
    const numbers = Array.from({ length: 60_000 }, (_, index) => index / 8);
    const answer = await fetch(infer(), { method: "POST", body: body(numbers), headers: { "x-request-id": "big" } });
    expect(answer.headers.get("x-request-id")).toBe("big");
    expect((await answer.json()).outputs[0]).toEqual({ name: "y", shape: [60_000], datatype: "FP32", data: numbers });
    const texts = Array.from({ length: 20_000 }, (_, index) => `text 😀 ${index}`);
    const told = await fetch(infer("BYTES"), { method: "POST", body: body(texts, "BYTES") });
    expect((await told.json()).outputs[0].data).toEqual(texts);
  });

  test("are refused for the same causes as small ones, and the error names the field", async () => {
    const texts = Array.from({ length: 50_000 }, (_, index) => `text ${index}`);
    const answer = await fetch(infer("BYTES"), { method: "POST", body: body([...texts, "a\0b"], "BYTES") });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: "tensor/value", field: "inputs.0.data.50000" },
    ]);
    const broken = await fetch(infer(), { method: "POST", body: body(Array(100_000).fill(1)).slice(0, -1) });
    expect([broken.status, await broken.json()]).toMatchObject([400, { code: "request/malformed_json" }]);
  });

  test("of answers have a limit, and the error says so", async () => {
    // Numbers that are short in the request and long in the answer, for FP32 holds none of them exactly.
    const answer = await fetch(infer(), { method: "POST", body: body(Array(90_000).fill(0.1)) });
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { code: "model/answer_too_large", error: expect.stringContaining("1 MiB") },
    ]);
  });

  test("may take no more than their share of memory together: others come again when some have ended", async () => {
    const headers = { "content-type": "application/json" };
    const held = request(infer(), { method: "POST", headers });
    const isCut = new Promise<void>((resolve) => held.once("error", () => resolve()));
    const spaces = Buffer.alloc(IN_FLIGHT_LIMIT - 300_000, " ");
    await new Promise<void>((resolve) => held.write(spaces, () => resolve()));
    const large = `${" ".repeat(700_000)}${body([1])}`;
    const post = () => fetch(infer(), { method: "POST", body: large });
    await until(async () => (await post()).status === 503);
    const refused = await post();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.json()).toMatchObject({ code: "server/bodies_in_flight" });
    expect((await fetch(infer(), { method: "POST", body: body([1]) })).status).toBe(200);
    held.destroy();
    await isCut;
    await until(async () => (await post()).status === 200);
  });
});
