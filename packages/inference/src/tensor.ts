import type { Datatype } from "./datatype.ts";

export type NumericData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/**
 * Elements in row-major order. BOOL is a Uint8Array of 0 and 1; FP16 a Uint16Array of the numbers' bits; BYTES an array
 * of texts (an element that is not UTF-8 is refused where it comes in); every other type its own typed array.
 */
export type TensorData = NumericData | readonly string[];

export type Tensor = {
  readonly name: string;
  readonly datatype: Datatype;
  /** Never negative; its product is the number of elements in `data`. */
  readonly shape: readonly number[];
  readonly data: TensorData;
};

/** A request as a model sees it, whatever dialect it came in. */
export type InferRequest = {
  readonly id: string | undefined;
  readonly inputs: readonly Tensor[];
  /** Names of the wanted outputs in the caller's order; null = all. */
  readonly outputs: readonly string[] | null;
};

export type InferResponse = {
  readonly modelName: string;
  readonly modelVersion: string | undefined;
  readonly id: string | undefined;
  readonly outputs: readonly Tensor[];
};

/** How many elements a shape says there are. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const dimension of shape) count *= dimension;
  return count;
}

/** A shape for people: `[any,4]`. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.map((dimension) => (dimension === -1 ? "any" : String(dimension))).join(",")}]`;
}

/** Whether the elements are texts. */
export function isText(data: TensorData): data is readonly string[] {
  return Array.isArray(data);
}

/** The memory under a numeric tensor, shared and not copied. */
export function bytesOf(data: NumericData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Reads elements from memory that starts on a multiple of 8 bytes, without a copy. */
export function dataFromBuffer(
  datatype: Exclude<Datatype, "BYTES">,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
): NumericData {
  switch (datatype) {
    case "BOOL":
    case "UINT8":
      return new Uint8Array(buffer, offset, length);
    case "INT8":
      return new Int8Array(buffer, offset, length);
    case "UINT16":
    case "FP16":
      return new Uint16Array(buffer, offset, length);
    case "INT16":
      return new Int16Array(buffer, offset, length);
    case "UINT32":
      return new Uint32Array(buffer, offset, length);
    case "INT32":
      return new Int32Array(buffer, offset, length);
    case "FP32":
      return new Float32Array(buffer, offset, length);
    case "FP64":
      return new Float64Array(buffer, offset, length);
    case "UINT64":
      return new BigUint64Array(buffer, offset, length);
    case "INT64":
      return new BigInt64Array(buffer, offset, length);
    default:
      return datatype satisfies never;
  }
}
