import { create } from "@bufbuild/protobuf";
import { SlipwayError } from "@slipway/contracts";
import { ModelInferRequestSchema } from "@slipway/rpc/inference";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DATATYPES } from "./datatype.ts";
import { fromGrpcRequest } from "./grpc-request.ts";
import { parseInferRequest } from "./json-request.ts";
import { signatureProblem } from "./limits.ts";
import { sampleRequest } from "./sample-request.ts";
import { validateRequest } from "./validate-request.ts";

const tensor = (members: string) => `{"inputs":[{"name":"x",${members}}]}`;
const values = (datatype: string, data: string, count = 1) =>
  tensor(`"shape":[${count}],"datatype":"${datatype}","data":${data}`);
const deep = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`;

/** What is wrong, the body, the code, and the field that the error names. */
const CASES: [string, string, string, string | undefined][] = [
  ["an empty body", "", "request/malformed_json", undefined],
  ["a body cut short", '{"inputs":[', "request/malformed_json", undefined],
  ["text after the body", '{"inputs":[]} x', "request/malformed_json", undefined],
  ["NaN", values("FP32", "[NaN]"), "request/malformed_json", undefined],
  ["-Infinity", values("FP32", "[-Infinity]"), "request/malformed_json", undefined],
  ["a name given twice", '{"inputs":[],"inputs":[]}', "request/malformed_json", undefined],
  [
    "a name given twice in a tensor",
    tensor('"name":"y","shape":[1],"datatype":"FP32","data":[1]'),
    "request/malformed_json",
    undefined,
  ],
  ["a list as body", "[]", "request/invalid", ""],
  ["no inputs", "{}", "request/invalid", "inputs"],
  ["inputs that are an object", '{"inputs":{}}', "request/invalid", "inputs"],
  ["an input that is a number", '{"inputs":[1]}', "request/invalid", "inputs.0"],
  [
    "a tensor without a name",
    '{"inputs":[{"shape":[1],"datatype":"FP32","data":[1]}]}',
    "request/invalid",
    "inputs.0.name",
  ],
  ["no datatype", tensor('"shape":[1],"data":[1]'), "request/invalid", "inputs.0.datatype"],
  ["an unknown datatype", values("FLOAT", "[1]"), "request/invalid", "inputs.0.datatype"],
  ["a datatype in lower case", values("fp32", "[1]"), "request/invalid", "inputs.0.datatype"],
  ["no shape", tensor('"datatype":"FP32","data":[1]'), "request/invalid", "inputs.0.shape"],
  ["a negative dimension", tensor('"shape":[-1],"datatype":"FP32","data":[1]'), "request/invalid", "inputs.0.shape"],
  [
    "a fraction as dimension",
    tensor('"shape":[1.5],"datatype":"FP32","data":[1]'),
    "request/invalid",
    "inputs.0.shape",
  ],
  [
    "huge dimensions",
    tensor('"shape":[99999999,99999999],"datatype":"FP32","data":[1]'),
    "tensor/too_many_elements",
    "inputs.0.shape",
  ],
  [
    "a huge dimension beside 0",
    tensor('"shape":[0,1e300],"datatype":"FP32","data":[]'),
    "tensor/too_many_elements",
    "inputs.0.shape",
  ],
  [
    "dimensions whose product overflows",
    tensor(`"shape":[${Array(16).fill(33000000).join(",")}],"datatype":"FP32","data":[1]`),
    "tensor/too_many_elements",
    "inputs.0.shape",
  ],
  [
    "too many dimensions",
    tensor(`"shape":[${Array(65).fill(1).join(",")}],"datatype":"FP32","data":[1]`),
    "request/invalid",
    "inputs.0.shape",
  ],
  ["no data", tensor('"shape":[1],"datatype":"FP32"'), "request/invalid", "inputs.0.data"],
  ["too few values", values("FP32", "[1]", 4), "tensor/element_count", "inputs.0.data"],
  ["too many values", values("FP32", "[1,2,3,4,5]", 4), "tensor/element_count", "inputs.0.data"],
  ["ragged rows", tensor('"shape":[2,2],"datatype":"FP32","data":[[1,2,3],[4]]'), "request/invalid", "inputs.0.data"],
  ["null as value", values("FP32", "[null]"), "tensor/value", "inputs.0.data.0"],
  ["a text for a number", values("FP32", '["1"]'), "tensor/value", "inputs.0.data.0"],
  ["a number for a text", values("BYTES", "[1]"), "tensor/value", "inputs.0.data.0"],
  ["a number for a truth value", values("BOOL", "[2]"), "tensor/value", "inputs.0.data.0"],
  ["a fraction for an integer", values("INT32", "[1,1.5]", 2), "tensor/value", "inputs.0.data.1"],
  ["a fraction for a 64-bit integer", values("INT64", "[0.5]"), "tensor/value", "inputs.0.data.0"],
  ["a negative number for UINT8", values("UINT8", "[-1]"), "tensor/value", "inputs.0.data.0"],
  ["256 for UINT8", values("UINT8", "[256]"), "tensor/value", "inputs.0.data.0"],
  ["2^63 for INT64", values("INT64", "[9223372036854775808]"), "tensor/value", "inputs.0.data.0"],
  ["2^64 for UINT64", values("UINT64", "[18446744073709551616]"), "tensor/value", "inputs.0.data.0"],
  ["1e400, which no double holds", values("FP64", "[1e400]"), "tensor/value", "inputs.0.data.0"],
  ["1e39 for FP32", values("FP32", "[1e39]"), "tensor/value", "inputs.0.data.0"],
  ["70000 for FP16", values("FP16", "[70000]"), "tensor/value", "inputs.0.data.0"],
  [
    "the same input twice",
    '{"inputs":[{"name":"x","shape":[0],"datatype":"FP32","data":[]},{"name":"x","shape":[0],"datatype":"FP32","data":[]}]}',
    "tensor/duplicate",
    "inputs.1.name",
  ],
  ["an id that is a number", '{"id":7,"inputs":[]}', "request/invalid", "id"],
  ["an id that is too long", `{"id":"${"a".repeat(257)}","inputs":[]}`, "request/invalid", "id"],
  ["parameters that hold a list", '{"inputs":[],"parameters":{"a":[]}}', "request/invalid", "parameters.a"],
  ["outputs without names", '{"inputs":[],"outputs":[{}]}', "request/invalid", "outputs.0.name"],
  ["deep nesting", tensor(`"shape":[1],"datatype":"FP32","data":${deep(80)}`), "request/too_deep", undefined],
  ["100,000 open brackets", "[".repeat(100_000), "request/too_deep", undefined],
];

test.each(CASES)("%s is refused and named", (_, body, code, field) => {
  expect(errorOf(() => parseInferRequest(Buffer.from(body)))).toMatchObject({ code, field });
});

test("a body that is not UTF-8 is refused", () => {
  const body = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff]), Buffer.from('","inputs":[]}')]);
  expect(errorOf(() => parseInferRequest(body))).toMatchObject({ code: "request/malformed_json" });
});

test("brackets, colons and quotes inside texts count neither as depth nor as members", () => {
  const text = JSON.stringify(`${"[".repeat(99)}:"\\":{`);
  expect(parseInferRequest(Buffer.from(values("BYTES", `[${text}]`))).inputs[0]?.data).toEqual([JSON.parse(text)]);
});

test("whatever bytes arrive, the parser answers or refuses with an error of the caller's", () => {
  const almost = fc.string({
    unit: fc.constantFrom(...'{}[]",:0123456789.eE-', "inputs", "shape", "data", "null", '"x"'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.oneof(almost, fc.string()), (text) => {
      try {
        parseInferRequest(Buffer.from(text));
      } catch (error) {
        expect(error).toBeInstanceOf(SlipwayError);
        expect(error).toMatchObject({ http: 400 });
      }
    }),
    { numRuns: 500 },
  );
});

test("gRPC contents that disagree with shape, datatype or each other are refused", () => {
  const input = { name: "x", datatype: "FP32", shape: [2n] };
  const fails = (message: Parameters<typeof create<typeof ModelInferRequestSchema>>[1]) =>
    errorOf(() => fromGrpcRequest(create(ModelInferRequestSchema, message)));
  expect(fails({ inputs: [{ ...input, contents: { fp32Contents: [1] } }] })).toMatchObject({
    code: "tensor/element_count",
  });
  expect(fails({ inputs: [{ ...input, contents: { fp64Contents: [1, 2] } }] })).toMatchObject({
    code: "tensor/element_count",
  });
  expect(fails({ inputs: [input], rawInputContents: [new Uint8Array(7)] })).toMatchObject({
    code: "tensor/element_count",
  });
  expect(fails({ inputs: [input], rawInputContents: [new Uint8Array(8), new Uint8Array(8)] })).toMatchObject({
    field: "raw_input_contents",
  });
  expect(
    fails({ inputs: [{ ...input, contents: { fp32Contents: [1, 2] } }], rawInputContents: [new Uint8Array(8)] }),
  ).toMatchObject({ field: "inputs.0.contents" });
  expect(fails({ inputs: [{ ...input, datatype: "FP16" }] })).toMatchObject({ code: "request/invalid" });
  expect(fails({ inputs: [{ ...input, datatype: "INT8", contents: { intContents: [1, 128] } }] })).toMatchObject({
    code: "tensor/value",
  });
  expect(
    fails({ inputs: [{ ...input, datatype: "BYTES" }], rawInputContents: [Uint8Array.of(9, 0, 0, 0, 65)] }),
  ).toMatchObject({ code: "tensor/element_count" });
  expect(fails({ inputs: [{ ...input, shape: [1n << 62n, 4n] }] })).toMatchObject({ code: "tensor/too_many_elements" });
});

test("a model that could never be asked within the limits is refused for a cause in words, and a usual one is not", () => {
  const spec = (shape: number[]) => ({ name: "x", datatype: "FP32" as const, shape });
  const many = (count: number) => Array.from({ length: count }, () => spec([1]));
  expect(signatureProblem({ inputs: many(65_536), outputs: many(65_536) })).toBeNull();
  expect(signatureProblem({ inputs: many(65_537), outputs: [] })).toMatch("65537 inputs; at most 65536");
  expect(signatureProblem({ inputs: [], outputs: many(65_537) })).toMatch("65537 outputs; at most 65536");
  expect(signatureProblem({ inputs: [spec(Array(64).fill(1))], outputs: [] })).toBeNull();
  expect(signatureProblem({ inputs: [spec(Array(65).fill(-1))], outputs: [] })).toMatch("65 dimensions; at most 64");
  expect(signatureProblem({ inputs: [spec([-1, 65_536, 65_536])], outputs: [] })).toMatch("4294967296 values at least");
});

test("as many inputs as are allowed are read and put in order, also when they come in another", () => {
  const names = Array.from({ length: 65_536 }, (_, index) => `f${index}`);
  const signature = {
    inputs: names.map((name) => ({ name, datatype: "INT8" as const, shape: [1] })),
    outputs: names.map((name) => ({ name, datatype: "INT8" as const, shape: [1] })),
  };
  const inputs = names.toReversed().map((name) => `{"name":"${name}","shape":[1],"datatype":"INT8","data":[1]}`);
  const outputs = names.map((name) => ({ name }));
  const request = parseInferRequest(Buffer.from(`{"inputs":[${inputs.join()}],"outputs":${JSON.stringify(outputs)}}`));
  const ordered = validateRequest(request, signature);
  expect(ordered.every(({ name }, index) => name === names[index])).toBe(true);
  const many = `{"inputs":[${[...inputs, inputs[0]].join()}]}`;
  expect(errorOf(() => parseInferRequest(Buffer.from(many)))).toMatchObject({
    code: "request/invalid",
    field: "inputs",
  });
});

test("an error stays short however long what the caller wrote is", () => {
  const long = "x".repeat(100_000);
  const signature = { inputs: [], outputs: [] };
  const bodies = [
    `{"inputs":[{"name":"${long}","shape":[1],"datatype":"FP32"}]}`,
    `{"inputs":[{"name":"x","shape":[1],"datatype":"${long}"}]}`,
    `{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":["${long}"]}]}`,
    `{"inputs":[],"parameters":{"${long}":[]}}`,
    `{"inputs":[],"${long}":1,"${long}":2}`,
    `{"inputs":[{"name":"${long}","shape":[1],"datatype":"FP32","data":[1]}]}`,
    `{"inputs":[],"outputs":[{"name":"${long}"}]}`,
  ];
  for (const body of bodies) {
    const error = errorOf(() => validateRequest(parseInferRequest(Buffer.from(body)), signature));
    expect(error).toBeInstanceOf(SlipwayError);
    expect(JSON.stringify(error).length).toBeLessThan(1_000);
  }
});

test("a made sample is accepted by the signature it was made for", () => {
  const spec = fc.record({
    datatype: fc.constantFrom(...DATATYPES),
    shape: fc.array(fc.constantFrom(-1, 1, 2, 3), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(spec, { minLength: 1, maxLength: 4 }), (specs) => {
      const signature = { inputs: specs.map((input, index) => ({ name: `i${index}`, ...input })), outputs: [] };
      const sample = sampleRequest(signature);
      expect(sample?.parameters).toBeDefined();
      const request = parseInferRequest(Buffer.from(JSON.stringify(sample)));
      expect(validateRequest(request, signature)).toHaveLength(specs.length);
    }),
  );
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return "nothing was thrown";
}
