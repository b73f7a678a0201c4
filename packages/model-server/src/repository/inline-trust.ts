import { isText, type Tensor } from "@slipway/inference";

/** No run on the serving thread should take longer than this. */
export const LONGEST_INLINE_RUN_MS = 20;
/** A run shorter than this is not told from one that is longer by chance. */
const SHORTEST_RUN_MS = 0.01;
/** How much larger than what was seen a request may be at most. */
const LARGEST_STEP = 64;

/**
 * Up to which size of its inputs a model's runs may happen on the serving thread. One run tells of others of its size,
 * and a little of larger ones: work grows with the square of the size at most, as a rule. So a request is trusted as far
 * as the longest run that was seen promises less than 20 ms for it, and each run of a new size says how far to go on.
 */
export type InlineTrust = {
  /** The most bytes of input that one run may take. */
  readonly maxBytes: number;
  saw(bytes: number, tookMs: number): void;
};

export function createInlineTrust(sample: { bytes: number; tookMs: number }): InlineTrust {
  let largestSeen = 0;
  let maxBytes = 0;
  const trust = {
    get maxBytes() {
      return maxBytes;
    },
    saw(bytes: number, tookMs: number) {
      if (bytes <= largestSeen) return;
      largestSeen = bytes;
      const step = Math.sqrt(LONGEST_INLINE_RUN_MS / Math.max(tookMs, SHORTEST_RUN_MS));
      maxBytes = Math.max(maxBytes, bytes * Math.min(step, LARGEST_STEP));
    },
  };
  trust.saw(Math.max(1, sample.bytes), sample.tookMs);
  return trust;
}

/** How much a model is given to work on, in bytes. */
export function inputBytes(inputs: readonly Tensor[]): number {
  let bytes = 0;
  for (const { data } of inputs) {
    if (isText(data)) for (const text of data) bytes += text.length;
    else bytes += data.byteLength;
  }
  return bytes;
}
