import type { Clock } from "@slipway/service-kit";

/** Why work was cut off by its own deadline, to be told from any other end. */
export class DeadlineExceeded extends Error {
  override readonly name = "DeadlineExceeded";
}

/** Runs work with a signal that aborts after `ms` (its reason is a DeadlineExceeded) or with the outer one. */
export async function withDeadline<Value>(
  clock: Clock,
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const deadline = new AbortController();
  const cancel = clock.after(ms, () => deadline.abort(new DeadlineExceeded(`took longer than ${ms} ms`)));
  try {
    return await work(AbortSignal.any([deadline.signal, outer]));
  } catch (error) {
    throw deadline.signal.aborted && !outer.aborted ? deadline.signal.reason : error;
  } finally {
    cancel();
  }
}
