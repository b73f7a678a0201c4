import type { ChangePlace } from "@slipway/db";

type Waiter = {
  place: ChangePlace;
  /** Version of the table that includes the change; null until the change was taken in and told. */
  version: bigint | null;
  resolve: () => void;
  reject: (error: Error) => void;
};

/** The most callers that may wait at once. */
export const MAX_WAITERS = 1_000;

/** Callers that wait until every live router has a change of the feed. */
export class RoutedWaiters {
  readonly #isApplied: (version: bigint) => boolean;
  readonly #waiters = new Set<Waiter>();
  #reached: ChangePlace | null = null;

  constructor(isApplied: (version: bigint) => boolean) {
    this.#isApplied = isApplied;
  }

  /** Resolves when the change at that place is routed; rejects when the signal aborts or the term ends. */
  wait(place: ChangePlace, signal: AbortSignal): Promise<void> {
    if (this.#waiters.size >= MAX_WAITERS) return Promise.reject(new Error("too many callers wait for routers"));
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { place, version: null, resolve, reject };
      this.#waiters.add(waiter);
      signal.addEventListener("abort", () => this.#finish(waiter, () => reject(signal.reason)), { once: true });
    });
  }

  /** The feed has been taken in up to here. */
  reached(place: ChangePlace | undefined): void {
    if (place !== undefined) this.#reached = place;
  }

  /** Called after each step: `version` is the present table, `isTold` = everything taken in is in it. */
  check(version: bigint, isTold: boolean): void {
    for (const waiter of [...this.#waiters]) {
      if (waiter.version === null && isTold && this.#reached !== null && !isAfter(waiter.place, this.#reached)) {
        waiter.version = version;
      }
      if (waiter.version !== null && this.#isApplied(waiter.version)) this.#finish(waiter, waiter.resolve);
    }
  }

  failAll(error: Error): void {
    for (const waiter of [...this.#waiters]) this.#finish(waiter, () => waiter.reject(error));
  }

  #finish(waiter: Waiter, end: () => void): void {
    if (this.#waiters.delete(waiter)) end();
  }
}

function isAfter(a: ChangePlace, b: ChangePlace): boolean {
  const [left, right] = [BigInt(a.xid), BigInt(b.xid)];
  return left > right || (left === right && BigInt(a.seq) > BigInt(b.seq));
}
