import { createInferenceClient, parseInferRequest, type Tensor } from "@slipway/inference";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXAMPLE_MODELS, examplePath, readGolden } from "./testing/example-models.ts";
import { createGrpcClient, type GrpcClient } from "./testing/grpc-client.ts";
import { type ModelServerProcess, startModelServerProcess } from "./testing/model-server-process.ts";

const DIGITS = 5;
let server: ModelServerProcess;
let grpc: GrpcClient;

beforeAll(async () => {
  server = await startModelServerProcess();
  grpc = createGrpcClient(server.grpcAddress);
  const client = createInferenceClient({ baseUrl: server.baseUrl });
  await Promise.all(EXAMPLE_MODELS.map((name) => client.load(name, { version: "1", path: examplePath(name) })));
});
afterAll(async () => {
  grpc.close();
  await server.stop();
});

describe.each(EXAMPLE_MODELS)("example %s answers as Python's onnxruntime does", (name) => {
  test.each(["rest", "typed", "raw"] as const)("by %s", async (form) => {
    const client = createInferenceClient({ baseUrl: server.baseUrl });
    for (const { request, outputs } of readGolden(name)) {
      const parsed = parseInferRequest(Buffer.from(JSON.stringify(request)));
      const answer = form === "rest" ? await client.infer(name, parsed) : await grpc.infer(name, parsed, form);
      expect(answer.modelName).toBe(name);
      expect(answer.outputs.map(({ name: output, datatype, shape }) => ({ name: output, datatype, shape }))).toEqual(
        outputs.map(({ name: output, datatype, shape }) => ({ name: output, datatype, shape })),
      );
      for (const [index, output] of outputs.entries()) expectClose(answer.outputs[index], output.data);
    }
  });
});

function expectClose(actual: Tensor | undefined, expected: readonly (number | string)[]): void {
  const elements = actual === undefined ? [] : [...actual.data];
  expect(elements).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) {
    const element = elements[index];
    if (typeof element === "number" && typeof value === "number") expect(element).toBeCloseTo(value, DIGITS);
    else expect(String(element)).toBe(String(value));
  }
}
