import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { fileURLToPath, pathToFileURL } from "node:url";
import { doublingModel, scalingModel } from "@slipway/onnx-file/testing/models";
import { testDatabase, until } from "@slipway/testkit";
import { expect, test } from "vitest";
import { ADMIN_TOKEN, type Answer, serveApi } from "../testing/serve-api.ts";

const MODELS = "/api/v1/registry/models";
const IRIS = `${MODELS}/iris`;
const EXAMPLES = fileURLToPath(new URL("../../../../examples", import.meta.url));

async function registryApi(options: { modelMaxBytes?: number } = {}) {
  const { db } = await testDatabase();
  const api = await serveApi({ db, modelRoots: [EXAMPLES], ...options });
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  return {
    ...api,
    async put(bytes: Buffer, query = "", headers: Record<string, string> = { authorization }): Promise<Answer> {
      const response = await fetch(`${api.base}${IRIS}/versions${query}`, {
        method: "PUT",
        headers,
        body: new Uint8Array(bytes),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
    },
    async files(): Promise<string[]> {
      const entries = await readdir(api.registryFolder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
    rows: async () => (await db.pool.query("SELECT count(*)::int AS n FROM model_version")).rows[0].n,
  };
}

test("an upload is a version that lists and answers show; the same bytes again are the same version", async () => {
  const { put, call } = await registryApi();
  const first = await put(scalingModel(2), "?alias=live&filename=iris.onnx&description=first%20one");
  expect(first.status, first.text).toBe(200);
  expect(first.body).toMatchObject({ model: "iris", version: 1, filename: "iris.onnx", description: "first one" });
  expect((await put(scalingModel(2))).body).toMatchObject({ version: 1 });
  expect((await put(scalingModel(3))).body).toMatchObject({ version: 2 });
  expect((await call("GET", MODELS)).body).toMatchObject({
    items: [{ name: "iris", aliases: { live: 1 } }],
    next: null,
  });
  expect((await call("GET", `${IRIS}/versions?limit=1`)).body).toMatchObject({ items: [{ version: 2 }] });
  expect((await call("POST", `${IRIS}/aliases/live`, { version: 2 })).body).toMatchObject({ aliases: ["live"] });
  expect((await call("DELETE", `${IRIS}/versions/1`)).body).toEqual({ deleted: true });
  expect((await call("GET", IRIS)).body).toMatchObject({ versionCount: 1, latestVersion: 2 });
});

test("without a credential, from another site, too large, no model or a bad name: refused, and nothing is kept", async () => {
  const { put, call, files, rows, base } = await registryApi({ modelMaxBytes: 1_000 });
  expect((await call("GET", "/api/v1/registry/limits")).body).toEqual({ modelMaxBytes: 1_000 });
  expect((await put(doublingModel(), "", {})).status).toBe(401);
  expect((await put(Buffer.alloc(1_001))).body).toMatchObject({ code: "request/too_large" });
  expect(await put(Buffer.from("hello"))).toMatchObject({ status: 422, body: { code: "registry/not_a_model" } });
  expect((await put(doublingModel(), "?alias=Not%20Good")).body).toMatchObject({ field: "alias" });
  const bad = await fetch(`${base}${MODELS}/Bad%20Name/versions`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    body: new Uint8Array(doublingModel()),
  });
  expect([bad.status, await bad.json()]).toMatchObject([400, { field: "model" }]);
  expect([await files(), await rows()]).toEqual([[], 0]);
});

test.each([
  ["with a length that is not reached", { "content-length": "100000" }],
  ["in pieces", { "transfer-encoding": "chunked" }],
])("an upload cut in the middle, sent %s, leaves neither row nor file", async (_how, headers) => {
  const { base, files, rows, call } = await registryApi();
  const { hostname, port } = new URL(base);
  const upload = request({
    ...{ hostname, port, method: "PUT", path: `${IRIS}/versions` },
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
  });
  upload.on("error", () => undefined);
  upload.write(doublingModel().subarray(0, 100));
  await until(async () => (await files()).length === 1, { what: "the upload is under way" });
  upload.destroy();
  await until(async () => (await files()).length === 0, { what: "its file is gone" });
  expect(await rows()).toBe(0);
  expect((await call("GET", IRIS)).status).toBe(404);
});

test("a URI is looked at by the rules of replicas: what it is, or in words why not", async () => {
  const { call } = await registryApi();
  const look = async (uri: string) =>
    (await call("GET", `/api/v1/registry/inspect?uri=${encodeURIComponent(uri)}`)).body;
  const iris = pathToFileURL(`${EXAMPLES}/models/iris/model.onnx`).href;
  expect(await look(iris)).toMatchObject({
    isReachable: true,
    problem: null,
    format: "onnx",
    signature: { inputs: [{}] },
  });
  expect(await look(pathToFileURL(`${EXAMPLES}/models/iris`).href)).toMatchObject({
    isReachable: true,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const readme = pathToFileURL(`${EXAMPLES}/models/README.md`).href;
  expect(await look(readme)).toMatchObject({
    isReachable: true,
    problem: expect.stringContaining("not an ONNX model"),
  });
  expect(await look("file:/etc/passwd")).toMatchObject({
    isReachable: false,
    problem: expect.stringContaining("outside"),
  });
  expect(await look("s3://bucket/iris")).toMatchObject({ isReachable: false, problem: expect.stringContaining("s3") });
  expect(await look("nope")).toMatchObject({ code: "request/invalid", field: "uri" });
});
