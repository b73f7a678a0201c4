import type { Clock } from "@slipway/service-kit";

/** How late a deadline may be noticed. */
const TICK_MS = 25;

export type Timed = { readonly deadlineMs: number; onDeadline(): void };

/**
 * The deadlines of all requests in flight, looked through at each tick: adding and removing one costs a fraction of a
 * timer, and there are far fewer in flight than pass. Ticks only while there is something to watch.
 */
export class Deadlines {
  readonly #watched = new Set<Timed>();
  readonly #clock: Clock;
  #isTicking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(timed: Timed): void {
    this.#watched.add(timed);
    if (!this.#isTicking) this.#tickLater();
  }

  remove(timed: Timed): void {
    this.#watched.delete(timed);
  }

  #tickLater(): void {
    this.#isTicking = true;
    this.#clock.after(TICK_MS, () => {
      this.#isTicking = false;
      const nowMs = this.#clock.monotonicMs();
      for (const timed of this.#watched) {
        if (timed.deadlineMs > nowMs) continue;
        this.#watched.delete(timed);
        timed.onDeadline();
      }
      if (this.#watched.size > 0) this.#tickLater();
    });
  }
}
