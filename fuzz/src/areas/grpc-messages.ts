import { isDeepStrictEqual } from "node:util";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  elementCount,
  fromGrpcRequest,
  type GrpcInferRequest,
  parseInferRequest,
  toGrpcRequest,
} from "@slipway/inference";
import { type ModelInferRequest, ModelInferRequestSchema } from "@slipway/rpc/inference";
import * as fc from "fast-check";
import { type Area, hold, inProcess } from "../area.ts";
import { mutated } from "../gen/mutate.ts";
import { mustBeCallersFault } from "./callers-fault.ts";
import { JSON_CORPUS } from "./json-requests.ts";

/** The requests of the JSON dialect in both forms of this one. */
export const GRPC_CORPUS: readonly Buffer[] = JSON_CORPUS.flatMap((text) =>
  (["typed", "raw"] as const).map((form) => {
    const request = parseInferRequest(Buffer.from(text));
    return Buffer.from(toBinary(ModelInferRequestSchema, toGrpcRequest(request, { name: "pub", version: "" }, form)));
  }),
);

const raw = fc.uint8Array({ maxLength: 24 });
const shape = fc.array(fc.bigInt({ min: -2n, max: 2n ** 63n - 1n }), { maxLength: 3 });
const structured = fc
  .record({
    names: fc.array(fc.constantFrom("x", "z", "__proto__", ""), { maxLength: 3 }),
    datatype: fc.constantFrom("FP32", "BYTES", "INT64", "BOOL", "FP16", "UINT8", "FLOAT", ""),
    shape: fc.oneof(shape, fc.array(fc.bigInt({ min: 0n, max: 3n }), { maxLength: 2 })),
    contents: fc.array(raw, { maxLength: 3 }),
    floats: fc.array(fc.float(), { maxLength: 4 }),
    isTyped: fc.boolean(),
  })
  .map(({ names, datatype, shape: sizes, contents, floats, isTyped }) => {
    const inputs = names.map((name) => ({
      name,
      datatype,
      shape: sizes,
      ...(isTyped ? { contents: { fp32Contents: floats, bytesContents: contents } } : {}),
    }));
    const message = create(ModelInferRequestSchema, { inputs, rawInputContents: isTyped ? [] : contents });
    return Buffer.from(toBinary(ModelInferRequestSchema, message));
  });

/** Messages of inference requests: right but for a few bytes, or of odd parts. */
export const grpcMessage: fc.Arbitrary<Buffer> = fc.oneof(mutated(GRPC_CORPUS), structured);

/** The message, or null where the bytes are none. */
export function decodeRequest(bytes: Uint8Array): ModelInferRequest | null {
  try {
    return fromBinary(ModelInferRequestSchema, bytes);
  } catch {
    return null;
  }
}

export const grpcMessages: Area = {
  name: "grpc-messages",
  guarantee: "a gRPC message is refused as its caller's fault, or read as tensors that are written as they were read",
  inputs: { long: 400_000, short: 1_500 },
  bytes: () => grpcMessage,
  open: inProcess((bytes) => {
    const message = decodeRequest(bytes);
    if (message === null) return;
    let read: GrpcInferRequest;
    try {
      read = fromGrpcRequest(message);
    } catch (error) {
      mustBeCallersFault(error);
      return;
    }
    for (const one of read.inputs) {
      hold(elementCount(one.shape) === one.data.length, "a tensor has as many values as its shape says", () => one);
    }
    if (read.inputs.length === 0) return;
    const again = fromGrpcRequest(toGrpcRequest(read, { name: "pub" }, "raw"));
    hold(isDeepStrictEqual(again.inputs, read.inputs), "what was read is written as what was read", () => [
      read.inputs,
      again.inputs,
    ]);
  }),
};
