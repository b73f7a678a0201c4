import type { LogFilter, LogMatch, LogPage, LogPlace, LogSearch, LogVolume, ResourceRef } from "@slipway/contracts";
import type { SchedulerContext } from "../context.ts";
import { getResource } from "../resource/get-resource.ts";

export type ReadLogPage = { ref: ResourceRef; filter: LogFilter; place: LogPlace; limit: number };
export type FindLogMatch = {
  ref: ResourceRef;
  filter: Omit<LogFilter, "search">;
  search: LogSearch;
  /** Id of the line to look on from; null = from the end. */
  from: string | null;
  direction: "older" | "newer";
};

export type MeasureLogVolume = { ref: ResourceRef; filter: LogFilter; bars: number };

/**
 * A page of the lines of an object's replicas, those that are gone included.
 * @throws resource/not_found, auth/forbidden, request/invalid, logs/search_too_slow, logs/too_many_searches, logs/timeout,
 * scheduler/no_leader
 */
export async function readLogPage(
  context: SchedulerContext,
  { ref, filter, place, limit }: ReadLogPage,
  signal: AbortSignal,
): Promise<LogPage> {
  await getResource(context, ref);
  const answer = await context.scheduler.readLogs(ref, { want: "page", filter, place, limit }, signal);
  if (answer.is !== "page") throw new TypeError(`asked for a page of lines and got a ${answer.is}`);
  return answer.page;
}

/** In how many lines something is found, and the next one. Throws like `readLogPage`. */
export async function findLogMatch(
  context: SchedulerContext,
  { ref, ...question }: FindLogMatch,
  signal: AbortSignal,
): Promise<LogMatch> {
  await getResource(context, ref);
  const answer = await context.scheduler.readLogs(ref, { want: "match", ...question }, signal);
  if (answer.is !== "match") throw new TypeError(`asked for a match and got a ${answer.is}`);
  return answer.match;
}

/** How many lines there are over time, by severity. Throws like `readLogPage`. */
export async function measureLogVolume(
  context: SchedulerContext,
  { ref, ...question }: MeasureLogVolume,
  signal: AbortSignal,
): Promise<LogVolume> {
  await getResource(context, ref);
  const answer = await context.scheduler.readLogs(ref, { want: "volume", ...question }, signal);
  if (answer.is !== "volume") throw new TypeError(`asked for a volume and got a ${answer.is}`);
  return answer.volume;
}
