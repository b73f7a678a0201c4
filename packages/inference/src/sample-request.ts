import type { Datatype } from "./datatype.ts";
import type { Signature } from "./signature.ts";
import { elementCount } from "./tensor.ts";

/** A request as people read and send it. */
export type SampleRequest = {
  inputs: { name: string; datatype: string; shape: number[]; data: unknown[] }[];
  parameters?: Record<string, string | number | boolean>;
};

/** More elements than this make no sample that a person could read. */
const MAX_SAMPLE_ELEMENTS = 4_096;

/** Sizes that are tried for a dimension that is open; some models refuse all but a few. */
const OPEN_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 3, 10, 100, 1_000];

/** Names of the dimensions of each input, where the model gives them; equal names stand for equal sizes. */
export type DimensionNames = readonly (readonly (string | null)[])[];

/**
 * Shapes to try a model with, one for each input, the smallest first. The rows (the first dimension of an input, and
 * whatever is called like it) stay one; what else is open grows, in all places or in the last ones alone.
 */
export function sampleShapes(signature: Signature, names: DimensionNames = []): number[][][] {
  const ofRows = new Set(signature.inputs.map((_, index) => names[index]?.[0] ?? null).filter((name) => name !== null));
  const isOfRows = (index: number, axis: number) => axis === 0 || ofRows.has(names[index]?.[axis] ?? "");
  const found = new Map<string, number[][]>();
  for (const size of OPEN_SIZES) {
    for (const isLastAlone of [false, true]) {
      const shapes = signature.inputs.map(({ shape, anyRank }, index) => {
        if (anyRank === true) return [1];
        const grows = (axis: number) => !isOfRows(index, axis) && (!isLastAlone || axis === shape.length - 1);
        return shape.map((dimension, axis) => (dimension !== -1 ? dimension : grows(axis) ? size : 1));
      });
      found.set(JSON.stringify(shapes), shapes);
    }
  }
  return [...found.values()];
}

/**
 * Makes a request for a model that came without one. It carries a parameter that says so, for its values mean nothing.
 * Null when an input is too large to show. Whether the model accepts it only a run can tell; `shapes` are those of one
 * that it has accepted.
 */
export function sampleRequest(
  signature: Signature,
  shapes: readonly (readonly number[])[] | undefined = sampleShapes(signature)[0],
): SampleRequest | null {
  const inputs = signature.inputs.map((spec, index) => {
    const shape = [...(shapes?.[index] ?? [])];
    return { name: spec.name, datatype: spec.datatype, shape, count: elementCount(shape) };
  });
  if (inputs.some((input) => input.count > MAX_SAMPLE_ELEMENTS)) return null;
  return {
    inputs: inputs.map(({ name, datatype, shape, count }) => ({
      name,
      datatype,
      shape,
      data: Array.from({ length: count }, (_, index) => sampleValue(datatype, index)),
    })),
    parameters: { sample: "made from the model's signature" },
  };
}

function sampleValue(datatype: Datatype, index: number): unknown {
  switch (datatype) {
    case "BOOL":
      return index % 2 === 0;
    case "BYTES":
      return "example";
    case "FP16":
    case "FP32":
    case "FP64":
      return ((index % 8) + 1) / 2;
    case "INT8":
    case "INT16":
    case "INT32":
    case "INT64":
    case "UINT8":
    case "UINT16":
    case "UINT32":
    case "UINT64":
      return (index % 4) + 1;
    default:
      return datatype satisfies never;
  }
}
