import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelInferRequestSchema, ModelInferResponseSchema } from "@slipway/rpc/inference";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DATATYPES, type Datatype } from "./datatype.ts";
import { fromGrpcRequest, toGrpcRequest } from "./grpc-request.ts";
import { fromGrpcResponse, toGrpcResponse } from "./grpc-response.ts";
import { parseInferRequest } from "./json-request.ts";
import { parseInferResponse } from "./json-response.ts";
import { writeInferRequest, writeInferResponse } from "./json-write.ts";
import type { InferRequest, NumericData, Tensor, TensorData } from "./tensor.ts";

const finite16 = fc
  .uint16Array({ minLength: 6, maxLength: 6 })
  .map((bits) => bits.map((half) => (isFiniteHalf(half) ? half : 0)));
const six = { minLength: 6, maxLength: 6 };

/** Six elements of a datatype, all of them finite. */
function elements(datatype: Datatype): fc.Arbitrary<TensorData> {
  switch (datatype) {
    case "BOOL":
      return fc.uint8Array({ ...six, max: 1 });
    case "UINT8":
      return fc.uint8Array(six);
    case "INT8":
      return fc.int8Array(six);
    case "UINT16":
      return fc.uint16Array(six);
    case "INT16":
      return fc.int16Array(six);
    case "UINT32":
      return fc.uint32Array(six);
    case "INT32":
      return fc.int32Array(six);
    case "UINT64":
      return fc.bigUint64Array(six);
    case "INT64":
      return fc.bigInt64Array(six);
    case "FP16":
      return finite16;
    case "FP32":
      return fc.float32Array({ ...six, noNaN: true, noDefaultInfinity: true });
    case "FP64":
      return fc.float64Array({ ...six, noNaN: true, noDefaultInfinity: true });
    case "BYTES":
      return fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), six);
    default:
      return datatype satisfies never;
  }
}

const request: fc.Arbitrary<InferRequest> = fc
  .array(fc.constantFrom(...DATATYPES), { minLength: 1, maxLength: 4 })
  .chain((datatypes) =>
    fc.tuple(
      fc.option(
        fc.string({ maxLength: 30, unit: "grapheme" }).filter((id) => id !== ""),
        { nil: undefined },
      ),
      ...datatypes.map((datatype) => elements(datatype).map((data) => ({ datatype, data }))),
    ),
  )
  .map(([id, ...tensors]) => ({
    id,
    inputs: tensors.map(({ datatype, data }, index) => ({ name: `input ${index}"`, datatype, shape: [2, 3], data })),
    outputs: null,
  }));

describe("every datatype survives every form exactly", () => {
  test("a request through JSON, 64-bit integers and -0 included", () => {
    fc.assert(
      fc.property(request, (original) => {
        expect(readable(parseInferRequest(Buffer.from(writeInferRequest(original))))).toEqual(readable(original));
      }),
    );
  });

  test("an answer through JSON", () => {
    fc.assert(
      fc.property(request, ({ id, inputs }) => {
        const original = { modelName: "m", modelVersion: "3", id, outputs: inputs };
        expect(parseInferResponse(Buffer.from(writeInferResponse(original))).outputs.map(describeTensor)).toEqual(
          inputs.map(describeTensor),
        );
      }),
    );
  });

  test.each(["typed", "raw"] as const)("a request through gRPC with %s contents", (form) => {
    fc.assert(
      fc.property(request, (original) => {
        // A Buffer, as a socket gives it: its parts lie anywhere in a larger piece of memory.
        const bytes = Buffer.from(toBinary(ModelInferRequestSchema, toGrpcRequest(original, { name: "m" }, form)));
        expect(readable(fromGrpcRequest(fromBinary(ModelInferRequestSchema, bytes)))).toEqual(readable(original));
      }),
    );
  });

  test.each(["typed", "raw"] as const)("an answer through gRPC with %s contents", (form) => {
    fc.assert(
      fc.property(request, ({ id, inputs }) => {
        const original = { modelName: "m", modelVersion: undefined, id, outputs: inputs };
        const bytes = Buffer.from(toBinary(ModelInferResponseSchema, toGrpcResponse(original, form)));
        const back = fromGrpcResponse(fromBinary(ModelInferResponseSchema, bytes));
        expect(back.outputs.map(describeTensor)).toEqual(inputs.map(describeTensor));
      }),
    );
  });
});

test("gRPC carries NaN and Infinity as data, JSON refuses them by name of the output", () => {
  const outputs = [{ name: "y", datatype: "FP32", shape: [2], data: Float32Array.of(Number.NaN, Infinity) }] as const;
  const response = { modelName: "m", modelVersion: undefined, id: undefined, outputs };
  expect(fromGrpcResponse(toGrpcResponse(response, "typed")).outputs[0]?.data).toEqual(outputs[0].data);
  expect(() => writeInferResponse(response)).toThrow(expect.objectContaining({ code: "tensor/non_finite_output" }));
});

test("nested data gives the same elements as flat data", () => {
  const body = (data: string) =>
    Buffer.from(`{"inputs":[{"name":"x","shape":[2,2],"datatype":"INT32","data":${data}}]}`);
  expect(parseInferRequest(body("[[1,2],[4,5]]"))).toEqual(parseInferRequest(body("[1,2,4,5]")));
});

test("a whole number beyond 2^53 is exact however it is written, beside a float that is beyond it too", () => {
  const text = `{"inputs":[
    {"name":"i","shape":[4],"datatype":"INT64","data":[9007199254740993,-9223372036854775808,1e18,9.223372036854775807e18]},
    {"name":"u","shape":[1],"datatype":"UINT64","data":[18446744073709551615]},
    {"name":"f","shape":[2],"datatype":"FP64","data":[1e300,9007199254740993]}]}`;
  const { inputs } = parseInferRequest(Buffer.from(text));
  expect(inputs.map(({ data }) => data)).toEqual([
    BigInt64Array.of(9007199254740993n, -9223372036854775808n, 10n ** 18n, 9223372036854775807n),
    BigUint64Array.of(18446744073709551615n),
    Float64Array.of(1e300, 9007199254740992),
  ]);
});

function readable(value: InferRequest): unknown {
  return { id: value.id, inputs: value.inputs.map(describeTensor), outputs: value.outputs };
}

/** A tensor in a form that tells -0 from 0 and compares exactly. */
function describeTensor({ name, datatype, shape, data }: Tensor): unknown {
  const elements = isNumeric(data)
    ? Array.from(data, (value: number | bigint) => (Object.is(value, -0) ? "-0" : String(value)))
    : data;
  return { name, datatype, shape: [...shape], elements };
}

function isNumeric(data: TensorData): data is NumericData {
  return ArrayBuffer.isView(data);
}

function isFiniteHalf(bits: number): boolean {
  return (bits & 0x7c00) !== 0x7c00;
}
