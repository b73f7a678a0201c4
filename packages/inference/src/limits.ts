/** Bounds on one request, whatever the model. A body's size is bounded by whoever reads it. */
export type InferLimits = {
  /** Levels of arrays and objects in a body. */
  maxDepth: number;
  /** Elements of one tensor. */
  maxElements: number;
  /** Dimensions of one tensor. */
  maxDimensions: number;
  /** Inputs, and requested outputs, of one request. */
  maxTensors: number;
};

export const DEFAULT_INFER_LIMITS: InferLimits = {
  maxDepth: 32,
  maxElements: 33_554_432,
  maxDimensions: 16,
  maxTensors: 256,
};
