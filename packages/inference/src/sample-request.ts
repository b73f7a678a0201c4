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

/**
 * Makes a request that the model accepts, for a model that came without one. It carries a parameter that says so, for
 * its values mean nothing. Null when an input is too large to show.
 */
export function sampleRequest(signature: Signature): SampleRequest | null {
  const inputs = signature.inputs.map((spec) => {
    const shape = spec.anyRank === true ? [1] : spec.shape.map((dimension) => (dimension === -1 ? 1 : dimension));
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
