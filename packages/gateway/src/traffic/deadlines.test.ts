import type { Clock } from "@slipway/service-kit";
import { expect, test } from "vitest";
import { Deadlines, type Timed } from "./deadlines.ts";

/** A clock that goes when it is told to. */
class HandClock implements Clock {
  #nowMs = 0;
  #ticks: { atMs: number; run: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    const tick = { atMs: this.#nowMs + ms, run };
    this.#ticks.push(tick);
    return () => {
      this.#ticks = this.#ticks.filter((other) => other !== tick);
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  goTo(ms: number): void {
    this.#nowMs = ms;
    const due = this.#ticks.filter(({ atMs }) => atMs <= ms);
    this.#ticks = this.#ticks.filter(({ atMs }) => atMs > ms);
    for (const { run } of due) run();
  }
}

test("whatever the order in which calls end, each that is left still meets its own deadline", () => {
  const clock = new HandClock();
  const deadlines = new Deadlines(clock);
  const ended: number[] = [];
  const calls = Array.from({ length: 9 }, (_, n): Timed => {
    const deadlineMs = 1_000 * (n + 1);
    return { deadlineMs, deadlineSlot: -1, onDeadline: () => ended.push(n) };
  });
  for (const call of calls) deadlines.add(call);
  // The first, the last, one between, and one that takes the place of another that has ended; one twice.
  for (const n of [0, 8, 3, 7, 3]) {
    const call = calls[n];
    if (call !== undefined) deadlines.remove(call);
  }
  for (let ms = 0; ms <= 10_000; ms += 25) clock.goTo(ms);
  expect(ended).toEqual([1, 2, 4, 5, 6]);
});
