import {
  type Datatype,
  dataFromBuffer,
  elementBytes,
  isText,
  type Signature,
  type Tensor,
  type TensorSpec,
} from "@slipway/inference";
import { joinRows, sliceRows } from "./rows.ts";

export type RowIndependence = { proven: boolean; reason: string };

/** Probe rows; enough scales and signs that a model which looks at its neighbours shows it. */
const PROBE_ROWS = 12;
/** Elements of one probe row beyond which the proof would cost more than batching gives. */
const MAX_ROW_ELEMENTS = 1_048_576;
const RELATIVE_TOLERANCE = 1e-4;
const ABSOLUTE_TOLERANCE = 1e-5;
const WORDS = [
  "invoice",
  "parcel",
  "error",
  "refund",
  "late",
  "screen",
  "payment",
  "door",
  "update",
  "money",
  "",
  "ok",
];

type RunModel = (inputs: readonly Tensor[]) => Tensor[];

/**
 * Proves by trial that a model treats each row for itself: rows run apart, together, and together in another order give
 * equal outputs, and outputs have as many rows as inputs. Outputs that never vary prove nothing, so such a model is not
 * batched. `sample` (inputs that the model is known to accept) gives realistic rows beside the invented ones.
 */
export function proveRowIndependence(
  signature: Signature,
  run: RunModel,
  sample: readonly Tensor[] | null,
): RowIndependence {
  const obstacle = findObstacle(signature);
  if (obstacle !== null) return { proven: false, reason: obstacle };
  try {
    const rows = Array.from({ length: PROBE_ROWS }, (_, index) => probeRow(signature, sample, index));
    const apart = rows.map(run);
    const orders = [rows.map((_, index) => index), rows.map((_, index) => rows.length - 1 - index), [3, 7]];
    for (const order of orders) {
      const together = run(joinRows(order.map((index) => rows[index] ?? [])));
      const difference = findDifference(
        together,
        order.map((index) => apart[index] ?? []),
      );
      if (difference !== null) return { proven: false, reason: difference };
    }
    const constant = signature.outputs.find((_, index) => !varies(apart.map((outputs) => outputs[index])));
    if (constant !== undefined) {
      return { proven: false, reason: `output ${constant.name} was the same for every probe, which proves nothing` };
    }
    return { proven: true, reason: "" };
  } catch {
    return { proven: false, reason: "the model refused the probe rows" };
  }
}

/** Why a model cannot be batched at all, by its signature alone. */
function findObstacle(signature: Signature): string | null {
  for (const input of signature.inputs) {
    if (input.anyRank === true || input.shape[0] !== -1) return `input ${input.name} has no free first dimension`;
    const elements = input.shape.slice(1).reduce((product, dimension) => product * Math.max(dimension, 1), 1);
    if (elements > MAX_ROW_ELEMENTS) return `a row of input ${input.name} is too large to probe`;
  }
  return signature.inputs.length === 0 ? "the model has no input" : null;
}

function probeRow(signature: Signature, sample: readonly Tensor[] | null, index: number): Tensor[] {
  const sampleRows = sample?.[0]?.shape[0] ?? 0;
  if (sample !== null && sampleRows > 0 && index % 2 === 0) {
    const row = sliceRows(sample, (index / 2) % sampleRows, ((index / 2) % sampleRows) + 1);
    // The first probes are the sample as it is; later ones are scaled, so that they differ even if it has one row.
    return index === 0 ? row : row.map((tensor) => vary(tensor, index));
  }
  return signature.inputs.map((spec, input) =>
    inventRow(spec, sample?.[input]?.shape.slice(1) ?? null, index * 31 + input),
  );
}

function vary(tensor: Tensor, index: number): Tensor {
  const { data, datatype } = tensor;
  if (isText(data)) return { ...tensor, data: data.map((text) => `${text} ${WORDS[index % WORDS.length] ?? ""}`) };
  if (datatype !== "FP32" && datatype !== "FP64") return tensor;
  const copy = data.slice();
  for (let element = 0; element < copy.length; element += 1) {
    copy[element] = Number(copy[element]) * (1 + noise(index * 1_009 + element) * (index / 4));
  }
  return { ...tensor, data: copy };
}

function inventRow(spec: TensorSpec, trailing: readonly number[] | null, seed: number): Tensor {
  const rest = trailing ?? spec.shape.slice(1).map((dimension) => (dimension === -1 ? 1 : dimension));
  const length = rest.reduce((product, dimension) => product * dimension, 1);
  return { name: spec.name, datatype: spec.datatype, shape: [1, ...rest], data: invent(spec.datatype, length, seed) };
}

function invent(datatype: Datatype, length: number, seed: number): Tensor["data"] {
  if (datatype === "BYTES") {
    const word = (n: number) => WORDS[Math.floor((noise(n) + 1) * 0.5 * WORDS.length)] ?? "";
    return Array.from({ length }, (_, element) => `${word(seed + element)} ${word(seed * 7 + element)}`.trim());
  }
  const data = dataFromBuffer(datatype, new ArrayBuffer(length * (elementBytes(datatype) ?? 1)), 0, length);
  const scale = 10 ** (seed % 4) / 10;
  for (let element = 0; element < length; element += 1) {
    const random = noise(seed * 65_537 + element);
    if (data instanceof BigInt64Array || data instanceof BigUint64Array)
      data[element] = BigInt(Math.floor((random + 1) * 2));
    else if (datatype === "FP32" || datatype === "FP64") data[element] = random * scale;
    // Bits of a half-precision number between 0.5 and 2.
    else if (datatype === "FP16") data[element] = 0x3800 + Math.floor((random + 1) * 1_023);
    else data[element] = Math.floor((random + 1) * (datatype === "BOOL" ? 1 : 2));
  }
  return data;
}

/** A number from -1 to 1 that depends on `n` alone, so that a load gives the same verdict each time. */
function noise(n: number): number {
  let state = (Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) ^ (n >>> 7)) >>> 0;
  state = Math.imul(state ^ (state >>> 15), 0xc2b2ae35) >>> 0;
  return ((state ^ (state >>> 13)) >>> 0) / 2 ** 31 - 1;
}

function findDifference(together: readonly Tensor[], apart: readonly (readonly Tensor[])[]): string | null {
  for (const [index, output] of together.entries()) {
    if (output.shape[0] !== apart.length) {
      return `output ${output.name} has ${output.shape[0] ?? "no"} rows for ${apart.length} rows of input`;
    }
    for (const [row, single] of apart.entries()) {
      const expected = single[index];
      if (expected === undefined || expected.shape[0] !== 1) return `output ${output.name} has not one row for one row`;
      const [actual] = sliceRows([output], row, row + 1);
      if (actual === undefined || !isAlike(actual, expected)) {
        return `output ${output.name} of a row depends on the rows beside it`;
      }
    }
  }
  return null;
}

function varies(outputs: readonly (Tensor | undefined)[]): boolean {
  const [first] = outputs;
  return first !== undefined && outputs.some((other) => other !== undefined && !isAlike(first, other));
}

function isAlike(a: Tensor, b: Tensor): boolean {
  if (a.shape.length !== b.shape.length || a.shape.some((dimension, axis) => dimension !== b.shape[axis])) return false;
  const [one, other] = [toComparable(a), toComparable(b)];
  for (let index = 0; index < one.length; index += 1) if (!isClose(one[index], other[index])) return false;
  return true;
}

function toComparable(tensor: Tensor): ArrayLike<number | bigint | string> {
  const { data } = tensor;
  if (isText(data) || tensor.datatype !== "FP16") return data;
  return new Float16Array(data.buffer, data.byteOffset, data.length);
}

function isClose(a: number | bigint | string | undefined, b: number | bigint | string | undefined): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  if (Object.is(a, b)) return true;
  return Math.abs(a - b) <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * Math.abs(b);
}

/// <reference lib="es2025.float16" />
