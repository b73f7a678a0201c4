import { create } from "@bufbuild/protobuf";
import {
  createInferenceClient,
  DATATYPES,
  type Datatype,
  dataFromBuffer,
  elementBytes,
  type InferenceClient,
  type InferRequest,
  type Tensor,
  type TensorData,
} from "@slipway/inference";
import { identityModel } from "@slipway/onnx-file/testing/models";
import { onnxModel } from "@slipway/onnx-file/testing/onnx-builder";
import { ModelInferRequestSchema } from "@slipway/rpc/inference";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGrpcClient, type GrpcClient } from "./testing/grpc-client.ts";
import { type ModelServerProcess, startModelServerProcess } from "./testing/model-server-process.ts";
import { temporaryFolder, writeModel } from "./testing/temporary-model.ts";

const FORMS = ["rest", "typed", "raw"] as const;
type Form = (typeof FORMS)[number];

const folder = temporaryFolder();
let server: ModelServerProcess;
let client: InferenceClient;
let grpc: GrpcClient;

beforeAll(async () => {
  server = await startModelServerProcess({ SLIPWAY_MODEL_SERVER_WORKERS: "1" });
  client = createInferenceClient({ baseUrl: server.baseUrl });
  grpc = createGrpcClient(server.grpcAddress);
});
afterAll(async () => {
  grpc.close();
  await server.stop();
  folder[Symbol.dispose]();
});

async function load(name: string, bytes: Buffer): Promise<void> {
  await client.load(name, { version: "1", path: writeModel(folder.path, name, bytes) });
}

const identities = new Map<Datatype, Promise<void>>();

/** Loads the identity of a datatype when it is first asked for. */
function identity(datatype: Datatype): Promise<void> {
  const loaded = identities.get(datatype) ?? load(datatype, identityModel(datatype));
  identities.set(datatype, loaded);
  return loaded;
}

function ask(form: Form, model: string, request: InferRequest) {
  return form === "rest" ? client.infer(model, request) : grpc.infer(model, request, form);
}

/** What an identity model gives back for a tensor. */
async function echo(
  form: Form,
  tensor: Omit<Tensor, "name">,
): Promise<{ shape: readonly number[]; elements: unknown }> {
  await identity(tensor.datatype);
  const { outputs } = await ask(form, tensor.datatype, oneInput(tensor));
  return { shape: outputs[0]?.shape ?? [], elements: exact(outputs[0]?.data ?? []) };
}

function oneInput(tensor: Omit<Tensor, "name">): InferRequest {
  return { id: undefined, inputs: [{ name: "x", ...tensor }], outputs: null };
}

/** Elements as their bits, so that -0, NaN and its payload count. */
function exact(data: TensorData): unknown {
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex") : data;
}

const halves = Uint16Array.of(0, 0x8000, 0x0001, 0x83ff, 0x0400, 0x7bff, 0xfbff, 0x3c00);
const TEXTS = [
  "",
  " ",
  "é",
  "e\u0301",
  "😀",
  "𐍈\u200d",
  "\ufeffx",
  "\ufffd",
  "\uffff",
  '"\\/\n\r\t\u0001\u2028',
  "a".repeat(9_000),
];

/** Values at the edges of what each datatype can hold, all of which JSON can carry. */
const EDGES: Record<Datatype, TensorData> = {
  BOOL: Uint8Array.of(0, 1, 1, 0),
  UINT8: Uint8Array.of(0, 1, 254, 255),
  UINT16: Uint16Array.of(0, 1, 65_534, 65_535),
  UINT32: Uint32Array.of(0, 1, 2_147_483_648, 4_294_967_295),
  UINT64: BigUint64Array.of(0n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n),
  INT8: Int8Array.of(0, -1, -128, 127),
  INT16: Int16Array.of(0, -1, -32_768, 32_767),
  INT32: Int32Array.of(0, -1, -2_147_483_648, 2_147_483_647),
  INT64: BigInt64Array.of(0n, -1n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, -(2n ** 63n), 2n ** 63n - 1n),
  FP16: halves,
  FP32: Float32Array.of(
    0,
    -0,
    1e-45,
    -1e-45,
    1.1754943508222875e-38,
    3.4028234663852886e38,
    -3.4028234663852886e38,
    0.1,
  ),
  FP64: Float64Array.of(0, -0, 5e-324, -5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, -Number.MAX_VALUE, 0.1),
  BYTES: TEXTS,
};

/** What JSON cannot carry and gRPC must: infinities and numbers that are none, their payloads included. */
const NOT_FINITE = {
  FP16: Uint16Array.of(0x7c00, 0xfc00, 0x7e00, 0xfe01),
  FP32: new Float32Array(Uint32Array.of(0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001).buffer),
  FP64: new Float64Array(BigUint64Array.of(0x7ff0000000000000n, 0xfff0000000000000n, 0x7ff8000000000000n).buffer),
} as const;

describe.each(DATATYPES)("%s comes back as it was sent", (datatype) => {
  const data = EDGES[datatype];
  test.each(FORMS)("at its edges, by %s", async (form) => {
    const tensor = { datatype, shape: [data.length], data };
    expect(await echo(form, tensor)).toEqual({ shape: tensor.shape, elements: exact(data) });
  });

  test.each(FORMS)("as a scalar, in many dimensions and without elements, by %s", async (form) => {
    const first = data.slice(0, 1);
    const none = data.slice(0, 0);
    for (const [shape, elements] of [
      [[], first],
      [Array(40).fill(1), first],
      [[0], none],
      [[2, 0, 3], none],
    ] as const) {
      expect(await echo(form, { datatype, shape, data: elements })).toEqual({ shape, elements: exact(elements) });
    }
  });
});

test.each(["FP16", "FP32", "FP64"] as const)(
  "%s that is not finite comes back bit by bit over gRPC",
  async (datatype) => {
    const data = NOT_FINITE[datatype];
    // The typed form holds numbers; the bits inside a NaN are the raw form's alone.
    expect(await echo("raw", { datatype, shape: [data.length], data })).toMatchObject({ elements: exact(data) });
    const typed = await ask("typed", datatype, oneInput({ datatype, shape: [data.length], data }));
    expect(typed.outputs[0]?.data).toEqual(data);
  },
);

test("random tensors of every datatype and shape come back as they were sent, whatever the form", async () => {
  const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
  const tensor = fc
    .tuple(fc.constantFrom(...DATATYPES), shape, fc.constantFrom(...FORMS), fc.infiniteStream(fc.nat(255)), texts)
    .map(([datatype, dimensions, form, bytes, strings]) => {
      const count = dimensions.reduce((product, dimension) => product * dimension, 1);
      const data = randomData(datatype, count, bytes, strings);
      return { form, datatype, shape: dimensions, data };
    });
  await fc.assert(
    fc.asyncProperty(tensor, async ({ form, ...sent }) => {
      expect(await echo(form, sent)).toEqual({ shape: sent.shape, elements: exact(sent.data) });
    }),
    { numRuns: 150, seed: 7 },
  );
});

const texts = fc.array(
  fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll("\0", "0")),
  {
    minLength: 256,
    maxLength: 256,
  },
);

function randomData(
  datatype: Datatype,
  count: number,
  bytes: fc.Stream<number>,
  strings: readonly string[],
): TensorData {
  if (datatype === "BYTES") return strings.slice(0, count);
  const buffer = Uint8Array.from(bytes.take(count * (elementBytes(datatype) ?? 1)));
  if (datatype === "BOOL") return buffer.map((byte) => byte & 1);
  const data = dataFromBuffer(datatype, buffer.buffer, 0, count);
  // JSON has no number that is not finite; those have a test of their own.
  if (data instanceof Float32Array || data instanceof Float64Array)
    return data.map((x) => (Number.isFinite(x) ? x : 1));
  return data instanceof Uint16Array && datatype === "FP16" ? data.map((x) => x & 0xbfff) : data;
}

describe("a text that would reach the model as another one is refused, and the error names it", () => {
  const bytesTensor = (data: readonly string[]) => ({ datatype: "BYTES" as const, shape: [data.length], data });
  const refusal = (index: number) => new RegExp(`Value ${index} of input x is .*allowed`);

  beforeAll(() => identity("BYTES"));

  test.each(FORMS)("NUL by %s", async (form) => {
    for (const text of ["a\0b", "\0", "\0a", "a\0"]) {
      await expect(ask(form, "BYTES", oneInput(bytesTensor(["good", text])))).rejects.toThrow(refusal(1));
    }
  });

  test("half of a surrogate pair, which only JSON can write", async () => {
    for (const text of ["\\ud800", "a\\udc00b", "\\udc00\\ud800"]) {
      const body = `{"inputs":[{"name":"x","datatype":"BYTES","shape":[2],"data":["good","${text}"]}]}`;
      const { status, body: answer } = await client.inferRaw("BYTES", body);
      expect(status).toBe(400);
      expect(JSON.parse(answer)).toMatchObject({ code: "tensor/value", field: "inputs.0.data.1" });
      expect(JSON.parse(answer).error).toMatch(refusal(1));
    }
  });

  test("bytes that are not UTF-8", async () => {
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98]]) {
      const input = { name: "x", datatype: "BYTES", shape: [1n] };
      const typed = { ...input, contents: { bytesContents: [Uint8Array.from(bytes)] } };
      const raw = { rawInputContents: [Uint8Array.from([bytes.length, 0, 0, 0, ...bytes])] };
      const sent = [
        { modelName: "BYTES", inputs: [typed] },
        { modelName: "BYTES", inputs: [input], ...raw },
      ];
      for (const message of sent) {
        const call = grpc.call(grpc.methods.modelInfer, create(ModelInferRequestSchema, message));
        await expect(call).rejects.toMatchObject({ code: 3, details: expect.stringContaining("UTF-8") });
      }
      const head = '{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["';
      const body = Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from('"]}]}')]);
      const answer = await fetch(`${server.baseUrl}/v2/models/BYTES/infer`, { method: "POST", body });
      expect([answer.status, (await answer.json()).code]).toEqual([400, "request/malformed_json"]);
    }
  });

  test("while a text that a model gives comes whole, NUL included", async () => {
    const constant = { name: "value_strings", strings: ["a\0b", "", "😀"] };
    await load(
      "constant",
      onnxModel({
        nodes: [{ op: "Constant", inputs: [], outputs: ["y"], attributes: [constant] }],
        inputs: [],
        outputs: [{ name: "y", datatype: "BYTES", shape: [3] }],
      }),
    );
    for (const form of FORMS) {
      const { outputs } = await ask(form, "constant", { id: undefined, inputs: [], outputs: null });
      expect(outputs[0]?.data).toEqual(["a\0b", "", "😀"]);
    }
  });
});

describe("a model may have as many inputs and outputs, and call them what it likes", () => {
  test("300 inputs in any order and 300 outputs asked for by name", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `f${index}`);
    const wanted = names.map((name) => `${name}-out`);
    const value = (name: string) => ({ name, datatype: "FP32" as const, shape: ["n", 1] });
    const nodes = [
      { op: "Concat", inputs: names, outputs: ["all"], attributes: [{ name: "axis", int: 1 }] },
      ...wanted.map((name, index) => ({ op: "Identity", inputs: [`f${index}`], outputs: [name] })),
    ];
    const outputs = [{ name: "all", datatype: "FP32" as const, shape: ["n", 300] }, ...wanted.map(value)];
    await load("wide", onnxModel({ nodes, inputs: names.map(value), outputs }));
    const inputs = names.map(
      (name, index): Tensor => ({ name, datatype: "FP32", shape: [1, 1], data: Float32Array.of(index) }),
    );
    const asked = [...wanted.toReversed(), "all"];
    for (const form of FORMS) {
      const answer = await ask(form, "wide", { id: undefined, inputs: inputs.toReversed(), outputs: asked });
      expect(answer.outputs.map(({ name }) => name)).toEqual(asked);
      expect(answer.outputs[0]?.data).toEqual(Float32Array.of(299));
      expect(answer.outputs.at(-1)?.data).toEqual(Float32Array.from(names, (_, index) => index));
    }
  });

  test.each(FORMS)("names that every object of the language has already, by %s", async (form) => {
    const odd = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"];
    const value = (name: string) => ({ name, datatype: "FP32" as const, shape: ["n"] });
    const shifted = odd.map((_, index) => odd[(index + 1) % odd.length] ?? "");
    const nodes = odd.map((name, index) => ({
      op: "Identity",
      inputs: [`in-${name}`],
      outputs: [shifted[index] ?? ""],
    }));
    await load(
      `odd-${form}`,
      onnxModel({
        nodes: [...nodes, { op: "Identity", inputs: ["__proto__-in"], outputs: ["last"] }],
        inputs: [...odd.map((name) => value(`in-${name}`)), value("__proto__-in")],
        outputs: [...shifted.map(value), value("last")],
      }),
    );
    const inputs = [...odd.map((name) => `in-${name}`), "__proto__-in"].map(
      (name, index): Tensor => ({ name, datatype: "FP32", shape: [1], data: Float32Array.of(index) }),
    );
    const { outputs } = await ask(form, `odd-${form}`, { id: undefined, inputs, outputs: null });
    expect(outputs.map(({ name, data }) => [name, data[0]])).toEqual(
      [...shifted, "last"].map((name, index) => [name, index]),
    );
    await load(
      `proto-${form}`,
      onnxModel({
        nodes: [{ op: "Neg", inputs: ["__proto__"], outputs: ["constructor"] }],
        inputs: [value("__proto__")],
        outputs: [value("constructor")],
      }),
    );
    const named = { name: "__proto__", datatype: "FP32" as const, shape: [1], data: Float32Array.of(4) };
    const answer = await ask(form, `proto-${form}`, { id: undefined, inputs: [named], outputs: ["constructor"] });
    expect(answer.outputs[0]?.data).toEqual(Float32Array.of(-4));
  });
});

test("contents that are there and empty beside raw contents are none", async () => {
  await identity("FP32");
  const answer = await grpc.call(grpc.methods.modelInfer, {
    modelName: "FP32",
    inputs: [{ name: "x", datatype: "FP32", shape: [2n], contents: {} }],
    rawInputContents: [new Uint8Array(Float32Array.of(1, 2).buffer)],
  });
  expect(answer.rawOutputContents.map((raw) => exact(raw))).toEqual([exact(Float32Array.of(1, 2))]);
});
