import type { Clock } from "@slipway/service-kit";

/** Something to wait at: until it rings (or has rung since the last wait), the time is over, or all ends. */
export class Bell {
  readonly #clock: Clock;
  #hasRung = false;
  #wake: (() => void) | null = null;

  constructor(clock: Clock, ended: AbortSignal) {
    this.#clock = clock;
    ended.addEventListener("abort", () => this.ring(), { once: true });
  }

  ring(): void {
    this.#hasRung = true;
    this.#wake?.();
  }

  async wait(limitMs: number): Promise<void> {
    if (!this.#hasRung) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(limitMs, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#hasRung = false;
  }
}
