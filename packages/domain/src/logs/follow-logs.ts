import {
  type ErrorCode,
  LOG_PAGE_LINES,
  type LogFilter,
  type LogLine,
  type LogPage,
  type LogPlace,
  type ResourceRef,
  SlipwayError,
} from "@slipway/contracts";
import type { SchedulerContext } from "../context.ts";
import { readLogPage } from "./read-logs.ts";

/** How often a followed log is looked at, in milliseconds. */
const FOLLOW_EVERY_MS = 300;
/** How long to wait for the next leader before it is asked again, in milliseconds. */
const NO_LEADER_MS = 1_000;

/** What is over by itself: a follower waits for it. */
const PASSING: readonly ErrorCode[] = ["scheduler/no_leader", "logs/timeout", "logs/too_many_searches"];

export type FollowLogs = {
  ref: ResourceRef;
  filter: LogFilter;
  /** How many of the newest lines to begin with; null = all. */
  tail: number | null;
  /** Whether to go on with lines as they are written, until the signal aborts. */
  follow: boolean;
};

/**
 * The lines of an object's replicas, the oldest first, each once; pages are read as they are taken, so no more than one is
 * held. While following, a change of leader delays lines and loses none. Throws like `readLogPage`.
 */
export async function* followLogs(
  context: SchedulerContext,
  { ref, filter, tail, follow }: FollowLogs,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const read = (place: LogPlace, limit: number) => readLogPage(context, { ref, filter, place, limit }, signal);
  let page = await firstPage(read, tail);
  while (true) {
    yield* page.lines;
    if (page.isEnd && !follow) return;
    if (page.isEnd) await context.clock.sleep(FOLLOW_EVERY_MS, signal);
    page = await readOn(context, () => read({ after: page.newer }, LOG_PAGE_LINES), follow, signal);
  }
}

async function firstPage(
  read: (place: LogPlace, limit: number) => Promise<LogPage>,
  tail: number | null,
): Promise<LogPage> {
  if (tail === null) return read({ at: "oldest" }, LOG_PAGE_LINES);
  const newest = await read({ at: "newest" }, Math.max(1, Math.min(tail, LOG_PAGE_LINES)));
  if (tail === 0) return { ...newest, lines: [] };
  let { older } = newest;
  let seen = newest.lines.length;
  if (seen >= tail || older === null) return newest;
  // Goes back to where the lines begin, then reads from there: only the cursors are kept meanwhile.
  while (older !== null && seen < tail) {
    const page: LogPage = await read({ before: older }, Math.min(tail - seen, LOG_PAGE_LINES));
    seen += page.lines.length;
    older = page.older;
  }
  return older === null ? read({ at: "oldest" }, LOG_PAGE_LINES) : read({ after: older }, LOG_PAGE_LINES);
}

/** The next page; while following, a platform without a leader is waited for. */
async function readOn(
  context: SchedulerContext,
  read: () => Promise<LogPage>,
  follow: boolean,
  signal: AbortSignal,
): Promise<LogPage> {
  while (true) {
    try {
      return await read();
    } catch (error) {
      if (!follow || !(error instanceof SlipwayError) || !PASSING.includes(error.code)) throw error;
      await context.clock.sleep(NO_LEADER_MS, signal);
    }
  }
}
