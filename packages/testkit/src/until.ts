import { type Clock, systemClock } from "@slipway/service-kit";

export type UntilOptions = { timeoutMs?: number; everyMs?: number; clock?: Clock; what?: string };

/**
 * Waits until a condition holds: returns its first truthy answer. An error of the condition counts as "not yet".
 * @throws Error naming `what` and the last error after `timeoutMs` (default 10 s)
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 10, clock = systemClock, what = "the condition" }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const end = clock.monotonicMs() + timeoutMs;
  for (;;) {
    let last: unknown;
    try {
      const answer = await condition();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    if (clock.monotonicMs() >= end) throw new Error(`${what} did not hold within ${timeoutMs} ms`, { cause: last });
    await clock.sleep(everyMs);
  }
}
