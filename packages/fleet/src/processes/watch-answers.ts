import { Agent, get } from "node:http";
import type { Clock } from "@slipway/service-kit";

/** How often the time without an answer is measured, in milliseconds. */
const TICK_MS = 250;
/** How long after an answer the next question is asked. */
const ASK_EVERY_MS = 1_000;

/** Asks once. Resolves when an answer came, whatever it says; rejects when none comes any more. */
export type Ask = (signal: AbortSignal) => Promise<void>;

export type AnswerWatch = {
  ask: Ask;
  clock: Clock;
  /** How long a process that has answered before may be silent. */
  hungAfterMs: number;
  /** How long it may take until its first answer. */
  startWithinMs: number;
  /** Called once, at the first answer. */
  onFirstAnswer?: () => void;
};

/**
 * Asks a process again and again whether it is there, for one that hangs does not end. Resolves true when it has been silent for
 * too long, false when the signal aborts. Only time in which this process itself was awake counts: after a stall of its own (a
 * machine that was asleep or overloaded) the other one gets the whole time again to answer what it was asked.
 */
export function watchAnswers(watch: AnswerWatch, signal: AbortSignal): Promise<boolean> {
  const { clock, ask } = watch;
  let allowedMs = watch.startWithinMs;
  let silentMs = 0;
  let lastTickMs = clock.monotonicMs();
  let nextAskMs = lastTickMs;
  let isAsked = false;
  return new Promise((resolve) => {
    const over = new AbortController();
    const finish = (isHung: boolean) => {
      over.abort(new Error("nobody waits for an answer any more"));
      resolve(isHung);
    };
    signal.addEventListener("abort", () => finish(false), { once: true });
    const onAnswer = () => {
      if (allowedMs !== watch.hungAfterMs) watch.onFirstAnswer?.();
      allowedMs = watch.hungAfterMs;
      silentMs = 0;
      isAsked = false;
      nextAskMs = clock.monotonicMs() + ASK_EVERY_MS;
    };
    const onFailure = () => {
      isAsked = false;
    };
    const tick = () => {
      if (signal.aborted) return finish(false);
      const nowMs = clock.monotonicMs();
      if (nowMs >= nextAskMs) silentMs += Math.min(nowMs - lastTickMs, 2 * TICK_MS);
      lastTickMs = nowMs;
      if (silentMs >= allowedMs) return finish(true);
      if (!isAsked && nowMs >= nextAskMs) {
        isAsked = true;
        ask(over.signal).then(onAnswer, onFailure);
      }
      clock.after(TICK_MS, tick);
    };
    tick();
  });
}

/**
 * Asks `/health/live` of a process at the address that is known just now. Over one connection that stays open, so that a
 * process under a flood of new connections answers as soon as its loop comes round.
 */
export function askHealth(address: () => string | null): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (signal) =>
    new Promise((resolve, reject) => {
      const base = address();
      if (base === null) return reject(new Error("no address is known"));
      const url = `${base.includes("://") ? base : `http://${base}`}/health/live`;
      get(url, { agent, signal }, (response) => {
        response.resume();
        resolve();
      }).on("error", reject);
    });
}
