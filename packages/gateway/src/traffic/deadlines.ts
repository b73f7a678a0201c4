import type { Clock } from "@slipway/service-kit";

/** How late a deadline may be noticed. */
const TICK_MS = 25;

export type Timed = {
  readonly deadlineMs: number;
  /** Where `Deadlines` keeps it; -1 = it is not watched. Nobody else writes it. */
  deadlineSlot: number;
  onDeadline(): void;
};

/**
 * The deadlines of all requests in flight, looked through at each tick: adding and removing one costs a fraction of a
 * timer, and there are far fewer in flight than pass. Ticks only while there is something to watch.
 * An array and not a set: a set's table is replaced over and over, and old ones that the collector has not yet found
 * keep finished requests alive.
 */
export class Deadlines {
  readonly #watched: Timed[] = [];
  readonly #clock: Clock;
  #isTicking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(timed: Timed): void {
    timed.deadlineSlot = this.#watched.push(timed) - 1;
    if (!this.#isTicking) this.#tickLater();
  }

  /** Does nothing for one that is not watched. */
  remove(timed: Timed): void {
    const slot = timed.deadlineSlot;
    if (slot < 0) return;
    timed.deadlineSlot = -1;
    const last = this.#watched.pop();
    if (last === undefined || last === timed) return;
    this.#watched[slot] = last;
    last.deadlineSlot = slot;
  }

  #tickLater(): void {
    this.#isTicking = true;
    this.#clock.after(TICK_MS, () => {
      this.#isTicking = false;
      const nowMs = this.#clock.monotonicMs();
      for (const timed of this.#watched.filter(({ deadlineMs }) => deadlineMs <= nowMs)) {
        this.remove(timed);
        timed.onDeadline();
      }
      if (this.#watched.length > 0 && !this.#isTicking) this.#tickLater();
    });
  }
}
