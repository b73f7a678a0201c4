import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import {
  createInferenceClient,
  type Datatype,
  type InferenceClient,
  type InferRequest,
  parseInferRequest,
} from "@slipway/inference";
import {
  countingModel,
  doublingModel,
  externalDataModel,
  identityModel,
  lookUpModel,
  loopingModel,
  pairwiseModel,
  softmaxOverRowsModel,
  squareRootModel,
} from "@slipway/onnx-file/testing/models";
import { onnxModel } from "@slipway/onnx-file/testing/onnx-builder";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examplePath, readSample } from "./testing/example-models.ts";
import { createGrpcClient, type GrpcClient } from "./testing/grpc-client.ts";
import { type ModelServerProcess, startModelServerProcess } from "./testing/model-server-process.ts";
import { temporaryFolder, writeModel } from "./testing/temporary-model.ts";
import { until } from "./testing/until.ts";

/** Loop turns that make a run take far longer than what runs in line. */
const SLOW_TRIPS = 20_000n;

const folder = temporaryFolder();
let server: ModelServerProcess;
let client: InferenceClient;
let grpc: GrpcClient;

beforeAll(async () => {
  server = await startModelServerProcess({ SLIPWAY_MODEL_SERVER_WORKERS: "1" });
  client = createInferenceClient({ baseUrl: server.baseUrl });
  grpc = createGrpcClient(server.grpcAddress);
  await client.load("iris", { version: "v1", path: examplePath("iris"), sample: readSample("iris") });
});
afterAll(async () => {
  grpc.close();
  await server.stop();
  folder[Symbol.dispose]();
});

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.baseUrl}${path}`, { method: "POST", body, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
}

async function load(name: string, bytes: Buffer, version = "1") {
  return client.load(name, { version, path: writeModel(folder.path, `${name}-${version}`, bytes) });
}

/** By its owner's word, whatever its graph shows. */
async function loadJoined(name: string, bytes: Buffer) {
  return client.load(name, { path: writeModel(folder.path, name, bytes), batching: "on" });
}

const rowsOfTwo = (...rows: [number, number][]): InferRequest => ({
  id: undefined,
  inputs: [{ name: "x", datatype: "FP32", shape: [rows.length, 2], data: Float32Array.from(rows.flat()) }],
  outputs: null,
});

describe("a bad request changes nothing and says what is wrong", () => {
  const input = (members: string) => `{"inputs":[{"name":"input","datatype":"FP32","shape":[1,4],${members}}]}`;
  test.each([
    ["malformed JSON", "{", 400, "request/malformed_json", undefined],
    ["an empty body", "", 400, "request/malformed_json", undefined],
    ["NaN", input('"data":[NaN,1,1,1]'), 400, "request/malformed_json", undefined],
    ["deep nesting", `{"inputs":${"[".repeat(99)}${"]".repeat(99)}}`, 400, "request/too_deep", undefined],
    [
      "a wrong name",
      '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,1,1,1]}]}',
      400,
      "tensor/unknown",
      "inputs.x",
    ],
    ["no input", '{"inputs":[]}', 400, "tensor/missing", "inputs.input"],
    [
      "an extra input",
      `${input('"data":[1,1,1,1]').slice(0, -2)},{"name":"x","datatype":"FP32","shape":[0],"data":[]}]}`,
      400,
      "tensor/unknown",
      "inputs.x",
    ],
    [
      "a wrong shape",
      '{"inputs":[{"name":"input","datatype":"FP32","shape":[1,5],"data":[1,1,1,1,1]}]}',
      400,
      "tensor/shape",
      "inputs.input.shape",
    ],
    [
      "a wrong rank",
      '{"inputs":[{"name":"input","datatype":"FP32","shape":[4],"data":[1,1,1,1]}]}',
      400,
      "tensor/shape",
      "inputs.input.shape",
    ],
    [
      "a wrong datatype",
      '{"inputs":[{"name":"input","datatype":"FP64","shape":[1,4],"data":[1,1,1,1]}]}',
      400,
      "tensor/datatype",
      "inputs.input.datatype",
    ],
    [
      "huge dimensions",
      '{"inputs":[{"name":"input","datatype":"FP32","shape":[4000000000,4],"data":[1]}]}',
      400,
      "tensor/too_many_elements",
      "inputs.0.shape",
    ],
    [
      "an unknown output",
      `${input('"data":[1,1,1,1]').slice(0, -1)},"outputs":[{"name":"z"}]}`,
      400,
      "tensor/unknown_output",
      "outputs.z",
    ],
  ])("%s", async (_, body, status, code, field) => {
    const answer = await post("/v2/models/iris/infer", body, { "x-request-id": "my-request" });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: expect.any(String), code, requestId: "my-request" });
    expect(answer.body.field).toBe(field);
    if (code.startsWith("tensor/")) {
      expect(answer.body.signature.inputs).toEqual([{ name: "input", datatype: "FP32", shape: [-1, 4] }]);
    }
    expect((await post("/v2/models/iris/infer", readSample("iris"))).status).toBe(200);
  });

  test("an unknown model, an unknown version, an unknown path and a wrong method have statuses of their own", async () => {
    expect(await post("/v2/models/nobody/infer", "{}")).toMatchObject({ status: 404, body: { code: "model/unknown" } });
    expect(await post("/v2/models/iris/versions/v9/infer", "{}")).toMatchObject({
      status: 404,
      body: { code: "model/unknown" },
    });
    expect(await post("/v2/models/iris/wrong", "{}")).toMatchObject({
      status: 404,
      body: { code: "request/not_found" },
    });
    expect(await post("/v2/models/iris", "{}")).toMatchObject({ status: 405 });
    expect(await post("/v2/models/iris/infer", "x", { "content-encoding": "gzip" })).toMatchObject({ status: 415 });
  });

  test("a body over the limit is a 413 that names the limit, declared or not", async () => {
    const small = await startModelServerProcess({ SLIPWAY_MODEL_SERVER_MAX_BODY_BYTES: "2048" });
    try {
      await createInferenceClient({ baseUrl: small.baseUrl }).load("iris", { path: examplePath("iris") });
      const url = `${small.baseUrl}/v2/models/iris/infer`;
      const declared = await fetch(url, { method: "POST", body: " ".repeat(4096) });
      expect([declared.status, await declared.json()]).toMatchObject([413, { code: "request/too_large" }]);
      expect(await postStreamed(url, 4, Buffer.alloc(1024, " "))).toMatchObject({
        status: 413,
        body: { code: "request/too_large" },
      });
    } finally {
      await small.stop();
    }
  });
});

describe("a request that a router sent", () => {
  const served = { "x-slipway-served-name": "iris-for-people" };

  test("is answered under the name that the caller knows", async () => {
    const answer = await post("/v2/models/iris/versions/v1/infer", readSample("iris"), {
      ...served,
      "x-request-id": "r-1",
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { model_name: "iris-for-people", model_version: "v1", id: "r-1" },
    });
  });

  test("for metadata learns the served name, and no version, for it cannot ask for one", async () => {
    const metadata = await createInferenceClient({ baseUrl: server.baseUrl, headers: served }).metadata("iris");
    expect(metadata.name).toBe("iris-for-people");
    expect(metadata.versions).toBeUndefined();
    expect((await client.metadata("iris")).versions).toEqual(["v1"]);
  });

  test("is served by another version when its own is gone", async () => {
    const answer = await post("/v2/models/iris/versions/v0/infer", readSample("iris"), served);
    expect(answer).toMatchObject({ status: 200, body: { model_version: "v1" } });
  });

  test("over gRPC is answered by what the router says, whatever its message names", async () => {
    await load("somebody-elses", doublingModel());
    const routed = { "x-slipway-served-name": "for-people", "x-slipway-model": "iris", "x-slipway-version": "v1" };
    const router = createGrpcClient(server.grpcAddress, routed);
    const { modelMetadata, modelReady } = router.methods;
    const asked = { name: "somebody-elses", version: "1" };
    const answer = await router.infer("somebody-elses", parseInferRequest(Buffer.from(readSample("iris"))), "raw", "1");
    expect([answer.modelName, answer.modelVersion]).toEqual(["for-people", "v1"]);
    expect(await router.call(modelMetadata, asked)).toMatchObject({ name: "for-people", inputs: [{ name: "input" }] });
    expect((await router.call(modelReady, { name: "not-here" })).ready).toBe(true);
    router.close();
    const missing = createGrpcClient(server.grpcAddress, { ...routed, "x-slipway-model": "not-here" });
    expect((await missing.call(modelReady, asked)).ready).toBe(false);
    await expect(missing.call(modelMetadata, asked)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    missing.close();
  });

  test.each(["x-slipway-served-name", "x-slipway-model", "x-slipway-version"])(
    "over gRPC is refused when the router leaves out %s",
    async (left) => {
      const whole = { "x-slipway-served-name": "for-people", "x-slipway-model": "iris", "x-slipway-version": "v1" };
      const half = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== left));
      const router = createGrpcClient(server.grpcAddress, half);
      const { modelMetadata, modelReady } = router.methods;
      const refused = { code: status.INVALID_ARGUMENT };
      await expect(router.call(modelMetadata, { name: "iris" })).rejects.toMatchObject(refused);
      await expect(router.call(modelReady, { name: "iris" })).rejects.toMatchObject(refused);
      const request = parseInferRequest(Buffer.from(readSample("iris")));
      await expect(router.infer("iris", request, "raw")).rejects.toMatchObject(refused);
      router.close();
    },
  );

  test("for a model that is not here is a 421 without a look at the body", async () => {
    const answer = await post("/v2/models/moved/infer", "not even JSON", served);
    expect(answer).toMatchObject({ status: 421, body: { code: "model/not_loaded" } });
  });
});

const EVERY_DATATYPE: Record<Datatype, { json: string; isExact?: boolean }> = {
  BOOL: { json: "[true,false]" },
  UINT8: { json: "[0,255]" },
  UINT16: { json: "[0,65535]" },
  UINT32: { json: "[0,4294967295]" },
  UINT64: { json: "[9007199254740993,18446744073709551615]" },
  INT8: { json: "[-128,127]" },
  INT16: { json: "[-32768,32767]" },
  INT32: { json: "[-2147483648,2147483647]" },
  INT64: { json: "[-9223372036854775808,9223372036854775807]" },
  FP16: { json: "[0.5,-65504]" },
  FP32: { json: "[1.5,-0.25]" },
  FP64: { json: "[0.1,-1.7976931348623157e+308]" },
  BYTES: { json: '["","grün 🌱"]' },
};

test.each(Object.entries(EVERY_DATATYPE))(
  "%s goes through a model and comes back exactly, by REST and by gRPC",
  async (name, { json }) => {
    const datatype = Object.keys(EVERY_DATATYPE).find((key): key is Datatype => key === name) ?? "BOOL";
    await load(`identity-${datatype}`, identityModel(datatype));
    const body = `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[2],"data":${json}}]}`;
    const answer = await client.inferRaw(`identity-${datatype}`, body);
    expect(answer.body).toContain(`"data":${json}`);
    const request = parseInferRequest(Buffer.from(body));
    for (const form of ["typed", "raw"] as const) {
      const { outputs } = await grpc.infer(`identity-${datatype}`, request, form);
      expect(outputs[0]?.data).toEqual(request.inputs[0]?.data);
    }
  },
);

test("an output that is not finite is an error with a code in JSON, and data in gRPC", async () => {
  await load("root", squareRootModel());
  const body = '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[-1]}]}';
  expect(await post("/v2/models/root/infer", body)).toMatchObject({
    status: 500,
    body: { code: "tensor/non_finite_output" },
  });
  const { outputs } = await grpc.infer("root", parseInferRequest(Buffer.from(body)), "typed");
  expect(outputs[0]?.data).toEqual(Float32Array.of(Number.NaN));
});

describe("loads", () => {
  test.each([
    ["a text", Buffer.from("no model"), "model/corrupt"],
    ["a model cut short", doublingModel().subarray(0, 40), "model/corrupt"],
    ["external data elsewhere", externalDataModel("../../secret"), "model/external_data"],
    ["external data that is missing", externalDataModel("missing.bin"), "model/corrupt"],
  ])("%s fails with its cause and leaves the others serving", async (title, bytes, code) => {
    const name = title.replaceAll(" ", "-");
    await expect(load(name, bytes)).rejects.toMatchObject({ status: 422, code, data: expect.any(Object) });
    const report = await load(name, bytes).catch((error: Error) => error.message);
    expect(report).not.toContain(folder.path);
    expect((await post("/v2/models/iris/infer", readSample("iris"))).status).toBe(200);
  });

  test("external data in the model's own folder is used", async () => {
    writeFileSync(join(folder.path, "weights.bin"), Buffer.from(Float32Array.of(10, 20).buffer));
    await load("external", externalDataModel("weights.bin"));
    const answer = await client.infer("external", rowsOfTwo([1, 2]));
    expect(answer.outputs[0]?.data).toEqual(Float32Array.of(11, 22));
  });

  test("a folder must hold exactly one model, a path must exist, and a wrong body names its field", async () => {
    using several = temporaryFolder();
    const path = several.path;
    await expect(client.load("none", { path })).rejects.toMatchObject({ code: "artifact/not_one_model" });
    writeModel(path, "a", doublingModel());
    writeModel(path, "b", doublingModel());
    await expect(client.load("both", { path })).rejects.toMatchObject({ code: "artifact/not_one_model" });
    await expect(client.load("gone", { path: `${path}/c` })).rejects.toMatchObject({ code: "artifact/missing" });
    const answer = await post("/v2/repository/models/iris/load", '{"parameters":{"version":7}}');
    expect(answer).toMatchObject({ status: 400, body: { code: "request/invalid", field: "parameters.version" } });
  });

  test("a load tells declared memory beside measured, and a second one of the same version changes nothing", async () => {
    const path = writeModel(folder.path, "declared", doublingModel());
    const first = await client.load("declared", { version: "1", path, memory_bytes: 1_048_576 });
    expect(first).toMatchObject({ declared_bytes: 1_048_576, measured_bytes: expect.any(Number) });
    expect(await client.load("declared", { version: "1", path: "/elsewhere" })).toMatchObject({
      declared_bytes: 1_048_576,
    });
  });

  test("a model without a sample gets one that it accepts and that says so", async () => {
    const { sample } = await load("sampled", doublingModel());
    expect(sample).toMatchObject({ parameters: { sample: expect.any(String) } });
    expect((await client.inferRaw("sampled", JSON.stringify(sample))).status).toBe(200);
  });
});

test("an input that has a value in the file keeps it: left out it counts, and giving another is refused by name", async () => {
  const alpha = { name: "alpha", datatype: "FP32", dims: [1], raw: Buffer.from(Float32Array.of(2).buffer) } as const;
  const scaled = onnxModel({
    nodes: [{ op: "Mul", inputs: ["x", "alpha"], outputs: ["y"] }],
    inputs: [
      { name: "x", datatype: "FP32", shape: ["n"] },
      { name: "alpha", datatype: "FP32", shape: [1] },
    ],
    outputs: [{ name: "y", datatype: "FP32", shape: ["n"] }],
    initializers: [alpha],
  });
  await load("scaled", scaled);
  const x = { name: "x", datatype: "FP32", shape: [1], data: [3] };
  const ask = (...inputs: object[]) => client.inferRaw("scaled", JSON.stringify({ inputs }));
  expect(JSON.parse((await ask(x)).body)).toMatchObject({ outputs: [{ data: [6] }] });
  const refused = await ask(x, { ...x, name: "alpha" });
  expect({ status: refused.status, ...JSON.parse(refused.body) }).toMatchObject({
    ...{ status: 400, code: "tensor/fixed", field: "inputs.alpha" },
  });
});

test("a generated sample is one that the model has answered: in another size where it refuses one, none where it refuses all", async () => {
  const five = { name: "five", datatype: "FP32", dims: [1, 1, 5], raw: Buffer.alloc(20, 1) } as const;
  const sound = onnxModel({
    nodes: [{ op: "Conv", inputs: ["x", "five"], outputs: ["y"] }],
    inputs: [{ name: "x", datatype: "FP32", shape: ["n", 1, "length"] }],
    outputs: [{ name: "y", datatype: "FP32", shape: ["n", 1, "rest"] }],
    initializers: [five],
  });
  const { sample, run_ms: runMs } = await load("sound", sound);
  expect(sample).toMatchObject({ inputs: [{ shape: [1, 1, 8] }] });
  expect(runMs).not.toBeNull();
  expect((await client.inferRaw("sound", JSON.stringify(sample))).status).toBe(200);
  const single = { name: "table", datatype: "FP32", dims: [1], raw: Buffer.alloc(4) } as const;
  const picky = onnxModel({
    nodes: [{ op: "Gather", inputs: ["table", "x"], outputs: ["y"] }],
    inputs: [{ name: "x", datatype: "INT64", shape: ["n", 1] }],
    outputs: [{ name: "y", datatype: "FP32", shape: ["n", 1] }],
    initializers: [single],
  });
  expect(await load("picky", picky)).toMatchObject({ sample: null, run_ms: null });
});

describe("batching", () => {
  test("64 callers at once each get exactly their rows", async () => {
    const { batching, place } = await load("doubling", doublingModel());
    expect({ batching, place }).toEqual({ batching: { proven: true, reason: "" }, place: "inline" });
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) => client.infer("doubling", rowsOfTwo([n, -n], [n + 0.5, 1]))),
    );
    for (const [n, { outputs }] of answers.entries()) {
      expect(outputs[0]).toMatchObject({ shape: [2, 2], data: Float32Array.of(2 * n, -2 * n, 2 * n + 1, 2) });
    }
  });

  test("a model whose rows depend on each other gives every caller the answer that it would get alone", async () => {
    expect((await load("softmax", softmaxOverRowsModel())).batching.proven).toBe(false);
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, n) => client.infer("softmax", rowsOfTwo([n, 2 * n]))),
    );
    for (const { outputs } of answers) expect(outputs[0]?.data).toEqual(Float32Array.of(1, 1));
  });

  test("requests for a slow model gather while one runs, and a quick model beside it goes on", async () => {
    // A loop keeps the graph from being followed, so the owner's word has it joined.
    const { place, batching } = await loadJoined("slow", loopingModel(SLOW_TRIPS));
    expect({ place, proven: batching.proven }).toEqual({ place: "worker", proven: true });
    const before = await runsSoFar();
    const slow = Array.from({ length: 20 }, (_, n) => client.infer("slow", rowsOfTwo([n, 1])));
    expect((await client.infer("iris", parseInferRequest(Buffer.from(readSample("iris"))))).modelName).toBe("iris");
    const answers = await Promise.all(slow);
    for (const [n, { outputs }] of answers.entries()) {
      expect(outputs[0]?.data[0]).toBeCloseTo(n * (Number(SLOW_TRIPS) + 1), -1);
    }
    expect((await runsSoFar()) - before).toBeLessThan(12);
  });

  test("one bad row fails its own request and no other of the batch", async () => {
    await load("look-up", lookUpModel());
    const ask = (index: number) =>
      client.inferRaw("look-up", `{"inputs":[{"name":"x","datatype":"INT64","shape":[1,1],"data":[${index}]}]}`);
    const answers = await Promise.all([0, 1, 99, 2, 3].map(ask));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 500, 200, 200]);
    expect(JSON.parse(answers[2]?.body ?? "")).toMatchObject({ code: "model/failed" });
  });
});

test("a model that is quick on its sample runs on the serving thread only with sizes that its runs vouch for", async () => {
  expect((await load("pairwise", pairwiseModel())).place).toBe("inline");
  const workerRuns = () => metric("slipway_model_server_run_seconds_count", { label: 'place="worker"' });
  const ask = async (rows: number) => {
    const data = new Float32Array(rows).fill(2);
    const inputs = [{ name: "x", datatype: "FP32" as const, shape: [rows, 1], data }];
    const { outputs } = await client.infer("pairwise", { id: undefined, inputs, outputs: null });
    return Array.from(outputs[0]?.data ?? [], Number);
  };
  const before = await workerRuns();
  expect(await ask(1)).toEqual([4]);
  expect(await workerRuns()).toBe(before);
  expect(await ask(3_000)).toEqual(new Array(3_000).fill(4));
  expect(await workerRuns()).toBe(before + 1);
  // Step by step it comes to larger ones.
  expect(await ask(20)).toEqual(new Array(20).fill(4));
  expect(await workerRuns()).toBe(before + 1);
});

test("a model whose time depends on what it is given never runs on the serving thread, however quick its sample", async () => {
  const { place, run_ms: runMs } = await load("counting", countingModel());
  expect(place).toBe("worker");
  expect(runMs).toBeLessThan(1);
});

test("a request that came before an unload is answered, and the unload waits for it", async () => {
  await load("leaving", loopingModel(SLOW_TRIPS));
  const order: string[] = [];
  const answer = client.infer("leaving", rowsOfTwo([1, 1])).then(() => order.push("answered"));
  await until(async () => (await metric("slipway_model_server_in_flight")) > 0 || order.length > 0);
  await client.unload("leaving").then(() => order.push("unloaded"));
  await answer;
  expect(order).toEqual(["answered", "unloaded"]);
});

test("a model that leaves while a body comes in is not run: the router hears that it may ask elsewhere", async () => {
  await load("brief", doublingModel());
  const answer = new Promise<number | undefined>((resolve, reject) => {
    const headers = { "x-slipway-served-name": "brief" };
    const sent = request(`${server.baseUrl}/v2/models/brief/infer`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject);
    sent.write('{"inputs":[{"name":"x","datatype":"FP32",', () =>
      client.unload("brief").then(() => sent.end('"shape":[1,2],"data":[1,2]}]}'), reject),
    );
  });
  expect(await answer).toBe(421);
});

test("gRPC loads, lists, describes and unloads, and a tensor error carries status and code", async () => {
  const { methods } = grpc;
  const path = examplePath("digits");
  const parameters = (values: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, { parameterChoice: { case: "stringParam" as const, value } }]),
    );
  await grpc.call(methods.repositoryModelLoad, {
    modelName: "by-grpc",
    parameters: parameters({ version: "7", path }),
  });
  const { models } = await grpc.call(methods.repositoryIndex, {});
  expect(models).toContainEqual(expect.objectContaining({ name: "by-grpc", version: "7", state: "READY" }));
  const metadata = await grpc.call(methods.modelMetadata, { name: "by-grpc" });
  expect(metadata.inputs[0]).toMatchObject({ name: "input", datatype: "FP32", shape: [-1n, 64n] });
  const wrong = grpc.infer("by-grpc", parseInferRequest(Buffer.from(readSample("iris"))), "typed");
  await expect(wrong).rejects.toMatchObject({ code: 3, details: expect.stringContaining("[any,64]") });
  await grpc.call(methods.repositoryModelUnload, { modelName: "by-grpc", parameters: parameters({ version: "7" }) });
  expect((await grpc.call(methods.modelReady, { name: "by-grpc" })).ready).toBe(false);
});

/** Sends a body in pieces, without saying how long it will be. */
function postStreamed(
  url: string,
  pieces: number,
  piece: Buffer,
): Promise<{ status: number | undefined; body: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST" }, async (response) => {
      const body = Buffer.concat(await Array.fromAsync(response)).toString("utf8");
      resolve({ status: response.statusCode, body: JSON.parse(body) });
    });
    sent.on("error", reject);
    for (let index = 0; index < pieces; index += 1) sent.write(piece);
    sent.end();
  });
}

async function metric(name: string, { baseUrl = server.baseUrl, label = "" } = {}): Promise<number> {
  const lines = (await (await fetch(`${baseUrl}/metrics`)).text()).split("\n");
  const line = lines.find((candidate) => /^\w+/.exec(candidate)?.[0] === name && candidate.includes(label));
  return Number(line?.split(" ").at(-1) ?? 0);
}

function runsSoFar(): Promise<number> {
  return metric("slipway_model_server_run_rows_count");
}
