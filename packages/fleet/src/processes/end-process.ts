import { type Clock, isRunning, type ProcessIdentity, signalProcess } from "@slipway/service-kit";

/** How often a process that is not a child is looked at, in milliseconds. */
const LOOK_EVERY_MS = 50;

/** Resolves when none of the processes runs any more; rejects with the signal's reason when it aborts first. */
export async function untilGone(
  identities: readonly ProcessIdentity[],
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  while (identities.some(isRunning)) await clock.sleep(LOOK_EVERY_MS, signal);
}

/**
 * Ends a process and its group: SIGTERM, then SIGKILL when it still runs after `graceMs` or when the signal aborts.
 * Touches nothing but the very process that was recorded. Resolves when it is gone.
 */
export async function endProcess(
  identity: ProcessIdentity,
  options: { graceMs: number; clock: Clock; signal?: AbortSignal },
): Promise<void> {
  if (!signalProcess(identity, "SIGTERM", { group: true })) return;
  const deadline = new AbortController();
  const cancel = options.clock.after(options.graceMs, () => deadline.abort(new Error("the time to drain is over")));
  const signals = options.signal === undefined ? [deadline.signal] : [deadline.signal, options.signal];
  await untilGone([identity], options.clock, AbortSignal.any(signals)).catch(() => undefined);
  cancel();
  if (signalProcess(identity, "SIGKILL", { group: true })) await untilGone([identity], options.clock);
}
