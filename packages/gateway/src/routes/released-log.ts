import type { Target } from "@slipway/rpc/control/router";
import type { Clock } from "@slipway/service-kit";

/** For how long, and for how many targets, a release is told again to a scheduler that begins to lead. */
const KEEP_MS = 600_000;
const KEEP_COUNT = 10_000;

/** Remembers which targets were released, so that a release whose message was lost with a leader is told to the next. */
export class ReleasedLog {
  readonly #released = new Map<string, { target: Target; atMs: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(id: string, target: Target): void {
    this.#released.delete(id);
    this.#released.set(id, { target, atMs: this.#clock.monotonicMs() });
    const expiredBeforeMs = this.#clock.monotonicMs() - KEEP_MS;
    for (const [oldest, { atMs }] of this.#released) {
      if (atMs >= expiredBeforeMs && this.#released.size <= KEEP_COUNT) return;
      this.#released.delete(oldest);
    }
  }

  /** All that may be told; `isHeld` names targets that came back since, which must not be. */
  targets(isHeld: (id: string) => boolean): Target[] {
    for (const id of this.#released.keys()) if (isHeld(id)) this.#released.delete(id);
    return [...this.#released.values()].map(({ target }) => target);
  }
}
