import { backoffDelay, type Clock, systemClock } from "@slipway/service-kit";
import type { Db } from "../create-db.ts";
import { isDatabaseUnavailable } from "../database-errors.ts";
import { listenForNudges } from "./change-nudges.ts";
import type { Cursor } from "./cursor.ts";
import { type Change, readChanges } from "./read-changes.ts";

export type WatchOptions = {
  from: Cursor;
  /** Ends the iteration without an error. */
  signal: AbortSignal;
  clock?: Clock;
  /** How often to look without a notification. */
  pollMs?: number;
  /** Hears of a database that is away; the watch goes on by itself. */
  onUnavailable?: (error: unknown) => void;
};

const POLL_MS = 500;
const BATCH = 1_000;
const RETRY = { initialMs: 100, maxMs: 2_000, jitter: 0.5 };

/**
 * Follows the feed: yields the changes after `from` in their order, in batches of at most 1,000, each soon after its commit;
 * waits out a database that is away.
 * @throws feed/cursor_expired when the place is no longer in the feed: list again and watch from there
 */
export async function* watchChanges(db: Db, options: WatchOptions): AsyncGenerator<Change[], void, undefined> {
  const { signal, clock = systemClock, pollMs = POLL_MS } = options;
  const stopping = new AbortController();
  const ended = AbortSignal.any([signal, stopping.signal]);
  const bell = createBell(clock, ended);
  const listening = listenForNudges(db.databaseUrl, { clock, signal: ended, onNudge: bell.ring });
  try {
    let cursor = options.from;
    for (let failures = 0; !ended.aborted; ) {
      const read = await readChanges(db, cursor, BATCH).catch((error: unknown) => {
        if (!isDatabaseUnavailable(error)) throw error;
        options.onUnavailable?.(error);
        return null;
      });
      if (read === null) {
        await bell.wait(backoffDelay(RETRY, failures, Math.random));
        failures += 1;
        continue;
      }
      failures = 0;
      cursor = read.cursor;
      if (read.changes.length > 0) yield read.changes;
      if (read.changes.length < BATCH) await bell.wait(pollMs);
    }
  } finally {
    stopping.abort();
    await listening;
  }
}

/** Something to wait at: until it rings, or has rung since the last wait, or the time is over, or all ends. */
function createBell(clock: Clock, ended: AbortSignal) {
  let rung = false;
  let wake: (() => void) | undefined;
  const ring = () => {
    rung = true;
    wake?.();
  };
  ended.addEventListener("abort", ring, { once: true });
  return {
    ring,
    async wait(limitMs: number): Promise<void> {
      if (!rung && !ended.aborted) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(limitMs, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
      }
      wake = undefined;
      rung = false;
    },
  };
}
