import { type LogQuery, SlipwayError } from "@slipway/contracts";
import type { SchedulerPort } from "@slipway/domain";

/** Searches of one caller that may wait for that caller's own; a page of logs asks for three at once. */
const WAITING = 6;

type Turn = { begin: () => void };

/**
 * Lets each caller search logs once at a time: what one asks for beyond that waits for what they asked before, and keeps
 * nobody else waiting.
 */
export class SearchTurns {
  readonly #callers = new Map<string, Turn[]>();

  /** A scheduler whose searches of logs are those of `caller`; whatever is no search passes as it is. */
  portOf(caller: string, scheduler: SchedulerPort): SchedulerPort {
    return {
      ...scheduler,
      readLogs: (ref, query, signal) => {
        const ask = () => scheduler.readLogs(ref, query, signal);
        return isSearch(query) ? this.take(caller, signal, ask) : ask();
      },
    };
  }

  /** @throws logs/too_many_searches, the signal's reason when it aborts first */
  async take<T>(caller: string, signal: AbortSignal, search: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const turns = this.#callers.get(caller);
    if (turns === undefined) this.#callers.set(caller, []);
    else await this.#wait(turns, signal);
    try {
      return await search();
    } finally {
      this.#next(caller);
    }
  }

  #wait(turns: Turn[], signal: AbortSignal): Promise<void> {
    if (turns.length >= WAITING) throw new SlipwayError("logs/too_many_searches", { limit: WAITING });
    return new Promise((resolve, reject) => {
      const leave = () => {
        turns.splice(turns.indexOf(turn), 1);
        reject(signal.reason);
      };
      const turn: Turn = {
        begin: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      turns.push(turn);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #next(caller: string): void {
    const next = this.#callers.get(caller)?.shift();
    if (next === undefined) this.#callers.delete(caller);
    else next.begin();
  }
}

/** Whether a question looks into what lines say, which takes long. */
export function isSearch(query: LogQuery): boolean {
  return query.want === "match" || query.filter.search !== undefined;
}
