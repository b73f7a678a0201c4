import { Worker } from "node:worker_threads";
import { LOG_SEARCH_MS, LOG_SEARCHES_WAITING, type LogAnswer, SlipwayError } from "@slipway/contracts";
import type { Clock } from "@slipway/service-kit";
import type { LogQuestion } from "./log-reader.ts";
import type { LogWorkerReply } from "./log-worker.ts";

type Waiting = {
  id: number;
  question: LogQuestion;
  signal: AbortSignal;
  /** Called when its reader leaves; it is no longer waited for. */
  leave: () => void;
  settle: { resolve: (answer: LogAnswer) => void; reject: (error: unknown) => void };
};

/** Questions that are no search wait for milliseconds; so many of them are not waited for. */
const PAGES_WAITING = 64;

/**
 * Takes questions about logs to a thread of their own, one after the other, so that nothing else waits for a search. What
 * looks for nothing goes before searches, of which only some may wait; one whose reader has left is not begun. A
 * question that takes too long once the lines are indexed (a pattern that tries endlessly) is given up together with its
 * thread; the next question gets a new one.
 */
export class LogDesk {
  readonly #clock: Clock;
  /** What looks for nothing, and what searches. */
  readonly #pages: Waiting[] = [];
  readonly #searches: Waiting[] = [];
  #worker: Worker | null = null;
  #current: Waiting | null = null;
  #cancelDeadline: () => void = () => undefined;
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws request/invalid, logs/search_too_slow, logs/too_many_searches; the signal's reason when it aborts first */
  ask(question: LogQuestion, signal: AbortSignal): Promise<LogAnswer> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const { query } = question;
      const isSearch = query.want === "match" || query.filter.search !== undefined;
      const [queue, limit] = isSearch ? [this.#searches, LOG_SEARCHES_WAITING] : [this.#pages, PAGES_WAITING];
      if (queue.length >= limit) throw new SlipwayError("logs/too_many_searches", { limit });
      this.#lastId += 1;
      const leave = () => {
        const place = queue.indexOf(waiting);
        if (place === -1) return;
        queue.splice(place, 1);
        reject(signal.reason);
      };
      const waiting: Waiting = { id: this.#lastId, question, signal, leave, settle: { resolve, reject } };
      signal.addEventListener("abort", leave, { once: true });
      queue.push(waiting);
      this.#next();
    });
  }

  /** Ends the thread; questions that wait fail. */
  async close(): Promise<void> {
    const waiting = [...this.#pages.splice(0), ...this.#searches.splice(0)];
    if (this.#current !== null) waiting.push(this.#current);
    await this.#endWorker();
    for (const { settle } of waiting) settle.reject(new SlipwayError("scheduler/no_leader", {}));
  }

  #next(): void {
    if (this.#current !== null) return;
    const next = this.#pages.shift() ?? this.#searches.shift();
    if (next === undefined) return;
    next.signal.removeEventListener("abort", next.leave);
    this.#current = next;
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage({ id: next.id, question: next.question });
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL("./log-worker.ts", import.meta.url));
    // A reader of logs keeps no process alive.
    worker.unref();
    worker.on("message", (reply: LogWorkerReply) => {
      if (this.#worker === worker && this.#current?.id === reply.id) this.#take(reply);
    });
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#fail(error);
    });
    return worker;
  }

  #take(reply: LogWorkerReply): void {
    switch (reply.is) {
      case "indexed":
        this.#cancelDeadline = this.#clock.after(LOG_SEARCH_MS, () =>
          this.#fail(new SlipwayError("logs/search_too_slow", { limitMs: LOG_SEARCH_MS })),
        );
        return;
      case "answer":
        this.#settle(({ resolve }) => resolve(reply.answer));
        return;
      case "problem": {
        const { problem, field } = reply;
        this.#settle(({ reject }) => reject(new SlipwayError("request/invalid", { problem }, { field })));
        return;
      }
      case "failure":
        this.#settle(({ reject }) => reject(new Error(reply.failure)));
        return;
      default:
        reply satisfies never;
    }
  }

  #fail(error: unknown): void {
    const current = this.#current;
    void this.#endWorker();
    this.#current = current;
    this.#settle(({ reject }) => reject(error));
  }

  #settle(end: (settle: Waiting["settle"]) => void): void {
    this.#cancelDeadline();
    const current = this.#current;
    this.#current = null;
    if (current !== null) end(current.settle);
    this.#next();
  }

  async #endWorker(): Promise<void> {
    this.#cancelDeadline();
    const worker = this.#worker;
    this.#worker = null;
    this.#current = null;
    await worker?.terminate();
  }
}
