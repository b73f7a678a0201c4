import { create } from "@bufbuild/protobuf";
import { SlipwayError } from "@slipway/contracts";
import { type InferTensorContents, InferTensorContentsSchema } from "@slipway/rpc/inference";
import { type Datatype, integerRange } from "./datatype.ts";
import { invalid } from "./json-tensor.ts";
import { decodeText } from "./raw-contents.ts";
import { isText, type NumericData, type Tensor, type TensorData } from "./tensor.ts";

/** Elements of the list that belongs to a datatype. @throws SlipwayError when one is out of range, or for FP16 */
export function readContents(datatype: Datatype, contents: InferTensorContents | undefined, input: string): TensorData {
  switch (datatype) {
    case "BOOL":
      return Uint8Array.from(contents?.boolContents ?? [], Number);
    case "INT8":
      return Int8Array.from(inRange(datatype, contents?.intContents ?? [], input));
    case "INT16":
      return Int16Array.from(inRange(datatype, contents?.intContents ?? [], input));
    case "INT32":
      return Int32Array.from(contents?.intContents ?? []);
    case "INT64":
      return BigInt64Array.from(contents?.int64Contents ?? []);
    case "UINT8":
      return Uint8Array.from(inRange(datatype, contents?.uintContents ?? [], input));
    case "UINT16":
      return Uint16Array.from(inRange(datatype, contents?.uintContents ?? [], input));
    case "UINT32":
      return Uint32Array.from(contents?.uintContents ?? []);
    case "UINT64":
      return BigUint64Array.from(contents?.uint64Contents ?? []);
    case "FP32":
      return Float32Array.from(contents?.fp32Contents ?? []);
    case "FP64":
      return Float64Array.from(contents?.fp64Contents ?? []);
    case "BYTES":
      return (contents?.bytesContents ?? []).map((bytes, index) => decodeText(bytes, input, index));
    case "FP16":
      throw invalid(`inputs.${input}.contents`, `Input ${input} is FP16, which must be sent in raw_input_contents.`);
    default:
      return datatype satisfies never;
  }
}

/** Whether a message of contents says anything; one that is there and empty is what some clients always send. */
export function hasElements(contents: InferTensorContents | undefined): boolean {
  return (
    contents !== undefined &&
    (contents.boolContents.length > 0 ||
      contents.intContents.length > 0 ||
      contents.int64Contents.length > 0 ||
      contents.uintContents.length > 0 ||
      contents.uint64Contents.length > 0 ||
      contents.fp32Contents.length > 0 ||
      contents.fp64Contents.length > 0 ||
      contents.bytesContents.length > 0)
  );
}

/** The typed form of a tensor; FP16 has none. */
export function toContents(tensor: Tensor): InferTensorContents {
  const { data, datatype } = tensor;
  if (isText(data)) {
    return create(InferTensorContentsSchema, { bytesContents: data.map((text) => Buffer.from(text, "utf8")) });
  }
  switch (datatype) {
    case "BOOL":
      return create(InferTensorContentsSchema, { boolContents: Array.from(data, Boolean) });
    case "INT8":
    case "INT16":
    case "INT32":
      return create(InferTensorContentsSchema, { intContents: numbers(data) });
    case "UINT8":
    case "UINT16":
    case "UINT32":
      return create(InferTensorContentsSchema, { uintContents: numbers(data) });
    case "INT64":
      return create(InferTensorContentsSchema, { int64Contents: Array.from(data, BigInt) });
    case "UINT64":
      return create(InferTensorContentsSchema, { uint64Contents: Array.from(data, BigInt) });
    case "FP32":
      return create(InferTensorContentsSchema, { fp32Contents: numbers(data) });
    case "FP64":
      return create(InferTensorContentsSchema, { fp64Contents: numbers(data) });
    case "FP16":
    case "BYTES":
      throw new TypeError(`${datatype} has no typed contents`);
    default:
      return datatype satisfies never;
  }
}

function numbers(data: NumericData): number[] {
  return Array.from(data, Number);
}

function inRange(datatype: Datatype, values: readonly number[], input: string): readonly number[] {
  const range = integerRange(datatype);
  if (range === null) return values;
  const index = values.findIndex((value) => value < range.min || value > range.max);
  if (index === -1) return values;
  throw new SlipwayError(
    "tensor/value",
    { input, index, given: String(values[index]), expected: `a whole number from ${range.min} to ${range.max}` },
    { field: `inputs.${input}.contents.${index}` },
  );
}
