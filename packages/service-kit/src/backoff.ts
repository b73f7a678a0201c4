/** How delays grow between tries: doubling from `initialMs` to `maxMs`, each shortened at random by up to `jitter`. */
export type BackoffPolicy = { initialMs: number; maxMs: number; jitter: number };

/** The delay before try `attempt` (0 = the first repeat), in milliseconds. `random` gives [0, 1). */
export function backoffDelay(policy: BackoffPolicy, attempt: number, random: () => number): number {
  const full = Math.min(policy.maxMs, policy.initialMs * 2 ** Math.min(attempt, 30));
  return full * (1 - policy.jitter * random());
}
