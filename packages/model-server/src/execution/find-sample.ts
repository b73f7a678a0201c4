import {
  parseInferRequest,
  type Signature,
  sampleRequest,
  sampleShapes,
  type Tensor,
  validateRequest,
} from "@slipway/inference";
import type { GraphReading } from "@slipway/onnx-file";

/** A request that the model has answered. */
export type KnownSample = { json: Record<string, unknown>; inputs: readonly Tensor[] };

/** Trying many sizes must not hold up the load of a slow model. */
const TRY_AT_MOST_MS = 5_000;

/**
 * The sample given, if the model answers it, else one made from the signature in the first of several sizes that it
 * answers; null when it answers none. What the model refuses is never called its sample.
 */
export function findSample(
  signature: Signature,
  given: string | null,
  { graph }: GraphReading,
  run: (inputs: readonly Tensor[]) => unknown,
): KnownSample | null {
  const own = given === null ? null : readSample(signature, given);
  if (own !== null && isAnswered(own, run)) return own;
  const dimensions = new Map(graph?.inputs.map(({ name, dimensions: sizes }) => [name, sizes ?? []]));
  const names = signature.inputs.map(({ name }) =>
    (dimensions.get(name) ?? []).map((size) => (typeof size === "string" ? size : null)),
  );
  const began = performance.now();
  for (const shapes of sampleShapes(signature, names)) {
    const made = sampleRequest(signature, shapes);
    const sample = made === null ? null : readSample(signature, JSON.stringify(made));
    if (sample !== null && isAnswered(sample, run)) return sample;
    if (performance.now() - began > TRY_AT_MOST_MS) return null;
  }
  return null;
}

function isAnswered({ inputs }: KnownSample, run: (inputs: readonly Tensor[]) => unknown): boolean {
  try {
    run(inputs);
    return true;
  } catch {
    return false;
  }
}

function readSample(signature: Signature, text: string): KnownSample | null {
  try {
    const inputs = validateRequest(parseInferRequest(Buffer.from(text)), signature);
    return { json: JSON.parse(text), inputs };
  } catch {
    return null;
  }
}
