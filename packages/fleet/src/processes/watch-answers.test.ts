import type { Clock } from "@slipway/service-kit";
import { beforeEach, expect, test } from "vitest";
import { type Ask, watchAnswers } from "./watch-answers.ts";

let nowMs: number;
let timers: { dueMs: number; callback: () => void }[];
let outcome: boolean | null;
let answer: "answers" | "is silent" | "refuses";
let asked: (() => void)[];
let asks: number;
let stop: AbortController;

const clock: Clock = {
  now: () => nowMs,
  monotonicMs: () => nowMs,
  after(delayMs, callback) {
    timers.push({ dueMs: nowMs + delayMs, callback });
    return () => undefined;
  },
  sleep: () => Promise.reject(new Error("nothing sleeps here")),
};
const ask: Ask = () => {
  asks += 1;
  if (answer === "answers") return Promise.resolve();
  if (answer === "refuses") return Promise.reject(new Error("refused"));
  return new Promise((resolve) => asked.push(resolve));
};

beforeEach(() => {
  nowMs = 0;
  asks = 0;
  timers = [];
  asked = [];
  outcome = null;
  answer = "answers";
  stop = new AbortController();
  const watch = { ask, clock, hungAfterMs: 5_000, startWithinMs: 60_000 };
  void watchAnswers(watch, stop.signal).then((isHung) => {
    outcome = isHung;
  });
});

/** Time goes on, in steps that the watch sees unless it is asleep itself. */
async function pass(ms: number, { asleep = false } = {}): Promise<void> {
  const endMs = nowMs + ms;
  while (nowMs < endMs) {
    nowMs = asleep ? endMs : Math.min(endMs, nowMs + 50);
    const due = timers.filter(({ dueMs }) => dueMs <= nowMs);
    timers = timers.filter(({ dueMs }) => dueMs > nowMs);
    for (const { callback } of due) callback();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a process that answers is never said to hang, and is asked about once a second", async () => {
  await pass(60_000);
  expect(outcome).toBeNull();
  expect(asks).toBeGreaterThan(40);
  expect(asks).toBeLessThan(65);
});

for (const how of ["is silent", "refuses"] as const) {
  test(`a process that has answered and then ${how} hangs when its time is over, and not before`, async () => {
    await pass(3_000);
    answer = how;
    await pass(4_500);
    expect(outcome).toBeNull();
    await pass(2_500);
    expect(outcome).toBe(true);
  });
}

test("a late answer within the time counts", async () => {
  await pass(3_000);
  answer = "is silent";
  await pass(4_000);
  answer = "answers";
  for (const resolve of asked.splice(0)) resolve();
  await pass(10_000);
  expect(outcome).toBeNull();
});

test("time in which the watch itself was asleep is not held against the process", async () => {
  await pass(3_000);
  answer = "is silent";
  await pass(2_000);
  await pass(600_000, { asleep: true });
  expect(outcome).toBeNull();
  answer = "answers";
  for (const resolve of asked.splice(0)) resolve();
  await pass(10_000);
  expect(outcome).toBeNull();
});

test("a process that has not answered yet may take its time to start, and no more", async () => {
  answer = "refuses";
  await pass(2_000);
  stop.abort(new Error("ended"));
  await pass(500);
  expect(outcome).toBe(false);
  stop = new AbortController();
  outcome = null;
  void watchAnswers({ ask, clock, hungAfterMs: 5_000, startWithinMs: 60_000 }, stop.signal).then((isHung) => {
    outcome = isHung;
  });
  await pass(59_000);
  expect(outcome).toBeNull();
  await pass(2_000);
  expect(outcome).toBe(true);
});
