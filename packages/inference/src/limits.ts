import type { Signature } from "./signature.ts";

/**
 * Bounds on one request, whatever the model. A body's size is bounded by whoever reads it. None is tighter than what a
 * usual model takes, and a model that could never be asked within them is refused when it is loaded.
 */
export type InferLimits = {
  /** Levels of arrays and objects in a body: all dimensions, and what is around a tensor's data. */
  maxDepth: number;
  /** Elements of one tensor. */
  maxElements: number;
  /**
   * What the other dimensions of a tensor without elements may multiply to. Such a tensor costs its sender nothing, yet
   * a model may fill one of these dimensions.
   */
  maxElementsBesideZero: number;
  /** Dimensions of one tensor. */
  maxDimensions: number;
  /** Inputs, and requested outputs, of one request. Work on them grows with their number and no faster. */
  maxTensors: number;
};

export const DEFAULT_INFER_LIMITS: InferLimits = {
  maxDepth: 72,
  maxElements: 1_073_741_824,
  maxElementsBesideZero: 33_554_432,
  maxDimensions: 64,
  maxTensors: 65_536,
};

/** Why no request for a model could ever be within the limits; null when one can. */
export function signatureProblem(
  { inputs, outputs }: Signature,
  limits: InferLimits = DEFAULT_INFER_LIMITS,
): string | null {
  if (inputs.length > limits.maxTensors) {
    return `it has ${inputs.length} inputs; at most ${limits.maxTensors} can be served.`;
  }
  if (outputs.length > limits.maxTensors) {
    return `it has ${outputs.length} outputs; at most ${limits.maxTensors} can be served.`;
  }
  for (const { name, shape } of inputs) {
    if (shape.length > limits.maxDimensions) {
      return `its input ${name} has ${shape.length} dimensions; at most ${limits.maxDimensions} can be served.`;
    }
    const count = shape.reduce((product, dimension) => product * (dimension === -1 ? 1 : dimension), 1);
    if (count > limits.maxElements) {
      return `its input ${name} takes ${count} values at least; at most ${limits.maxElements} can be served.`;
    }
  }
  return null;
}
