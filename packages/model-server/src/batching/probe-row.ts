import {
  type Datatype,
  dataFromBuffer,
  elementBytes,
  isText,
  type Signature,
  type Tensor,
  type TensorSpec,
} from "@slipway/inference";
import { sliceRows } from "./rows.ts";

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
/** Powers of ten that invented numbers are scaled with. */
const SCALES = [0.1, 1, 10, 100] as const;

/** One row of inputs to try a model with: some from the sample, most invented. Equal calls give equal rows. */
export function probeRow(signature: Signature, sample: readonly Tensor[] | null, index: number): Tensor[] {
  const sampleRows = sample?.[0]?.shape[0] ?? 0;
  if (sample !== null && sampleRows > 0 && index % 4 === 0) {
    const start = (index / 4) % sampleRows;
    const row = sliceRows(sample, start, start + 1);
    // The first probe is the sample as it is; later ones are changed, so that they differ even if it has one row.
    return index === 0 ? row : row.map((tensor) => vary(tensor, index));
  }
  return signature.inputs.map((spec, input) => {
    const trailing = sample?.[input]?.shape.slice(1);
    return inventRow(spec, trailing, index, input);
  });
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

function inventRow(spec: TensorSpec, trailing: readonly number[] | undefined, index: number, input: number): Tensor {
  const rest = trailing ?? spec.shape.slice(1).map((dimension) => (dimension === -1 ? 1 : dimension));
  const length = rest.reduce((product, dimension) => product * dimension, 1);
  const data = invent(spec.datatype, length, index, index * 31 + input);
  return { name: spec.name, datatype: spec.datatype, shape: [1, ...rest], data };
}

function invent(datatype: Datatype, length: number, index: number, seed: number): Tensor["data"] {
  if (datatype === "BYTES") {
    const word = (n: number) => WORDS[Math.floor((noise(n) + 1) * 0.5 * WORDS.length)] ?? "";
    return Array.from({ length }, (_, element) => `${word(seed + element)} ${word(seed * 7 + element)}`.trim());
  }
  const data = dataFromBuffer(datatype, new ArrayBuffer(length * (elementBytes(datatype) ?? 1)), 0, length);
  for (let element = 0; element < length; element += 1) {
    const random = noise(seed * 65_537 + element);
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
      data[element] = BigInt(Math.floor((random + 1) * 2));
    } else if (datatype === "FP32" || datatype === "FP64") data[element] = inventNumber(random, index, element, length);
    // Bits of a half-precision number between 0.5 and 2.
    else if (datatype === "FP16") data[element] = 0x3800 + Math.floor((random + 1) * 1_023);
    else data[element] = Math.floor((random + 1) * (datatype === "BOOL" ? 1 : 2));
  }
  return data;
}

/** By turns: one element that stands out, only positive numbers, and both signs; each at four scales. */
function inventNumber(random: number, index: number, element: number, length: number): number {
  const scale = SCALES[Math.floor(index / 4) % SCALES.length] ?? 1;
  switch (index % 4) {
    case 1:
      return element === Math.floor(index / 4) % length ? (index % 8 === 1 ? 100 : -100) : random * 0.1;
    case 2:
      return Math.abs(random) * scale;
    default:
      return random * scale;
  }
}

/** A number from -1 to 1 that depends on `n` alone, so that a load gives the same verdict each time. */
function noise(n: number): number {
  let state = (Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) ^ (n >>> 7)) >>> 0;
  state = Math.imul(state ^ (state >>> 15), 0xc2b2ae35) >>> 0;
  return ((state ^ (state >>> 13)) >>> 0) / 2 ** 31 - 1;
}
