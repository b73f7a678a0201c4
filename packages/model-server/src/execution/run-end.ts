/** Header and gRPC metadata with the whole milliseconds that were left of the request's deadline when it was sent. */
export const TIMEOUT_HEADER = "x-slipway-timeout-ms";

/**
 * When nobody waits for a run any more. It is asked, never told: whoever holds work looks at it now and then, so that a
 * request costs no listener and no timer.
 */
export type RunEnd = {
  /** The request's deadline on the scale of `performance.now()`; Infinity when it has none. */
  readonly atMs: number;
  /** What was left of its deadline when it came, in milliseconds. */
  readonly limitMs: number;
  /** Whether the caller has left. */
  isGone(): boolean;
};

/** The end of a request that has no deadline and whose caller stays. */
export const NO_END: RunEnd = {
  atMs: Number.POSITIVE_INFINITY,
  limitMs: Number.POSITIVE_INFINITY,
  isGone: () => false,
};

/** The end of a request whose head arrived just now. A timeout that is no positive number counts as none. */
export function runEnd(timeout: string | string[] | undefined, isGone: () => boolean): RunEnd {
  const timeoutMs = typeof timeout === "string" ? Number(timeout) : Number.NaN;
  const limitMs = timeoutMs > 0 ? timeoutMs : Number.POSITIVE_INFINITY;
  return { atMs: performance.now() + limitMs, limitMs, isGone };
}

/** Whether nobody waits for it: its caller has left, or its deadline is past. */
export function isOver(end: RunEnd, nowMs: number): boolean {
  return end.atMs <= nowMs || end.isGone();
}
