import type { Clock } from "@slipway/service-kit";

export type FakeClock = Clock & {
  /** Moves time on, calling what falls due in its order; lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** How many callbacks wait. */
  pending(): number;
};

/** A clock that stands still until a test moves it. */
export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let elapsedMs = 0;
  let nextId = 0;
  const timers = new Map<number, { dueMs: number; callback: () => void }>();
  const after = (delayMs: number, callback: () => void) => {
    const id = nextId++;
    timers.set(id, { dueMs: elapsedMs + Math.max(0, delayMs), callback });
    return () => void timers.delete(id);
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    after,
    sleep(delayMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = after(delayMs, () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        });
        const onAbort = () => {
          cancel();
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
      });
    },
    async advance(ms) {
      const endMs = elapsedMs + ms;
      await settle();
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.dueMs <= endMs);
        const first = due.toSorted(([a, x], [b, y]) => x.dueMs - y.dueMs || a - b)[0];
        if (first === undefined) break;
        timers.delete(first[0]);
        elapsedMs = first[1].dueMs;
        first[1].callback();
        await settle();
      }
      elapsedMs = endMs;
      await settle();
    },
    pending: () => timers.size,
  };
}
