import { createInferenceClient, type Datatype, type InferRequest, type Tensor } from "@slipway/inference";
import { identityModel } from "@slipway/onnx-file/testing/models";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGrpcClient, type GrpcClient } from "../testing/grpc-client.ts";
import { type ModelServerProcess, startModelServerProcess } from "../testing/model-server-process.ts";
import { temporaryFolder, writeModel } from "../testing/temporary-model.ts";

const ANSWER_LIMIT = 1_048_576;

const folder = temporaryFolder();
let server: ModelServerProcess;
let grpc: GrpcClient;

beforeAll(async () => {
  server = await startModelServerProcess({
    SLIPWAY_MODEL_SERVER_WORKERS: "1",
    SLIPWAY_MODEL_SERVER_MAX_ANSWER_BYTES: String(ANSWER_LIMIT),
    SLIPWAY_MODEL_SERVER_MAX_BYTES_IN_FLIGHT: String(16 * ANSWER_LIMIT),
  });
  grpc = createGrpcClient(server.grpcAddress);
  const client = createInferenceClient({ baseUrl: server.baseUrl });
  for (const datatype of ["FP32", "INT64", "BYTES", "FP16"] as const) {
    await client.load(datatype, { version: "1", path: writeModel(folder.path, datatype, identityModel(datatype)) });
  }
});
afterAll(async () => {
  grpc.close();
  await server.stop();
  folder[Symbol.dispose]();
});

const oneInput = (datatype: Datatype, data: Tensor["data"]): InferRequest => ({
  id: undefined,
  inputs: [{ name: "x", datatype, shape: [data.length], data }],
  outputs: null,
});
const length = 90_000;
const LARGE: [Datatype, "typed" | "raw", Tensor["data"]][] = [
  ["FP32", "typed", Float32Array.from({ length }, (_, index) => index / 8)],
  ["FP32", "raw", Float32Array.from({ length }, (_, index) => -index / 8)],
  ["INT64", "typed", BigInt64Array.from({ length }, (_, index) => 2n ** 62n - BigInt(index))],
  ["BYTES", "typed", Array.from({ length: 40_000 }, (_, index) => `😀 ${index}`)],
  ["BYTES", "raw", Array.from({ length: 40_000 }, (_, index) => (index % 2 === 0 ? "" : `text ${index}`))],
  ["FP16", "raw", Uint16Array.from({ length: 2 * length }, (_, index) => index & 0x7fff)],
];

test.each(LARGE)("a large message of %s in %s contents comes back exactly", async (datatype, form, data) => {
  const { outputs } = await grpc.infer(datatype, oneInput(datatype, data), form);
  expect(outputs[0]?.shape).toEqual([data.length]);
  expect(Buffer.from(String(outputs[0]?.data)).equals(Buffer.from(String(data)))).toBe(true);
});

test("a large message is refused for the same causes as a small one", async () => {
  const texts = Array.from({ length: 50_000 }, (_, index) => `text ${index}`);
  for (const form of ["typed", "raw"] as const) {
    const refused = grpc.infer("BYTES", oneInput("BYTES", [...texts, "a\0b"]), form);
    await expect(refused).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining("Value 50000 of input x"),
    });
  }
  const unknown = grpc.infer("nobody", oneInput("FP32", new Float32Array(length)), "typed");
  await expect(unknown).rejects.toMatchObject({ code: 5 });
});

test("an answer above the limit is refused in either form, and what comes after it is served", async () => {
  const data = new Float32Array(300_000).fill(0.1);
  for (const form of ["typed", "raw"] as const) {
    const refused = grpc.infer("FP32", oneInput("FP32", data), form);
    await expect(refused).rejects.toMatchObject({ code: 8, details: expect.stringContaining("1 MiB") });
  }
  const { outputs } = await grpc.infer("FP32", oneInput("FP32", Float32Array.of(1)), "typed");
  expect(outputs[0]?.data).toEqual(Float32Array.of(1));
});
