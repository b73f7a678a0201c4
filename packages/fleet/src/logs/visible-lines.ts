import type { LogFilter } from "@slipway/contracts";
import {
  type IndexedRun,
  LEVEL_CODES,
  type LineIndex,
  type ModelNumbers,
  OF_NOBODY,
  OF_PROCESS,
} from "./line-index.ts";
import type { LogSource } from "./log-scope.ts";
import type { ProcessLog } from "./process-log.ts";

/** How long after its last line of a model a replica that is gone counts as having held it. */
const LEFT_AFTER_MS = 60_000;
/** A line that does not say how severe it is passes for one of this severity. */
const UNSAID_LEVEL = LEVEL_CODES.info;

/** One log, and which of its lines the reader may see and wants. */
export type View = {
  source: LogSource;
  log: ProcessLog;
  /** The same for as long as a line that could be seen can be and no other: what was found in such lines stays true. */
  key: string;
  isVisible(line: number): boolean;
};

/**
 * The logs of a scope with what may be seen in each. A tenant sees the lines of its own models, and lines of the process
 * that name no model where the replica holds one of its models or did at that time. Replicas that never did are left out.
 */
export function viewsOf(
  logs: readonly { source: LogSource; log: ProcessLog }[],
  modelUids: readonly string[] | null,
  filter: LogFilter,
  numbers: ModelNumbers,
): View[] {
  const own = modelUids === null ? null : new Set(modelUids.flatMap((uid) => numbers.find(uid) ?? []));
  const replicas = new Map<string, { source: LogSource; log: ProcessLog }[]>();
  for (const entry of logs) replicas.set(entry.source.replica, [...(replicas.get(entry.source.replica) ?? []), entry]);
  return [...replicas].flatMap(([name, members]) => {
    if (filter.replicas !== undefined && !filter.replicas.includes(name)) return [];
    const until = own === null ? Number.POSITIVE_INFINITY : seenUntil(members, own);
    if (until === null) return [];
    return members.flatMap(({ source, log }) => {
      const passes = filterOf(source, log, filter);
      if (passes === null) return [];
      const key = JSON.stringify([source.isShared, own === null ? null : [...own], String(until), passes.key]);
      return [{ source, log, key, isVisible: both(mayBeSeen(source, log.index, own, until), passes.test) }];
    });
  });
}

/** Until when lines of a replica's processes concern the models; null when it never held one. */
function seenUntil(
  members: readonly { source: LogSource; log: ProcessLog }[],
  own: ReadonlySet<number>,
): number | null {
  if (members.some(({ source }) => source.isHere)) return Number.POSITIVE_INFINITY;
  const times = members.flatMap(({ log }) => lastTimeOf(log, own) ?? []);
  return times.length === 0 ? null : Math.max(...times) + LEFT_AFTER_MS;
}

function lastTimeOf({ index, firstLine }: ProcessLog, own: ReadonlySet<number>): number | null {
  if (![...own].some((model) => index.models.has(model))) return null;
  for (let line = index.count - 1; line >= firstLine; line -= 1)
    if (own.has(index.owner(line))) return index.time(line);
  return null;
}

function mayBeSeen(
  { isShared }: LogSource,
  index: LineIndex,
  own: ReadonlySet<number> | null,
  until: number,
): (line: number) => boolean {
  if (own === null) return () => true;
  return (line) => {
    const owner = index.owner(line);
    if (owner >= 0) return own.has(owner);
    if (owner === OF_NOBODY && isShared) return false;
    return (owner === OF_PROCESS || owner === OF_NOBODY) && index.time(line) <= until;
  };
}

type Passing = { key: string; test: (line: number) => boolean };

/** What a filter lets through of one log; null when nothing of it. */
function filterOf(source: LogSource, log: ProcessLog, filter: LogFilter): Passing | null {
  const { index } = log;
  const range = linesOfRun(source, index, filter.run);
  if (range === null) return null;
  const least = filter.level === undefined ? 0 : LEVEL_CODES[filter.level];
  const since = filter.sinceMs ?? Number.NEGATIVE_INFINITY;
  const until = filter.untilMs ?? Number.POSITIVE_INFINITY;
  const key = [range.from, range.to, least, since, until].join();
  const test = (line: number) => {
    const time = index.time(line);
    return (
      line >= range.from &&
      line < range.to &&
      (index.level(line) || UNSAID_LEVEL) >= least &&
      time >= since &&
      time <= until
    );
  };
  return { key, test };
}

/** The lines of a run of a model server; null for other processes, and when there is no such run. */
function linesOfRun(
  source: LogSource,
  index: LineIndex,
  wanted: string | undefined,
): { from: number; to: number } | null {
  if (wanted === undefined) return { from: 0, to: Number.POSITIVE_INFINITY };
  if (source.process !== "model-server") return null;
  const { runs } = index;
  const at =
    wanted === "current"
      ? runs.length - 1
      : wanted === "previous"
        ? runs.length - 2
        : runs.findIndex((run) => runId(source, run) === wanted);
  const run = runs[at];
  return run === undefined ? null : { from: run.from, to: runs[at + 1]?.from ?? Number.POSITIVE_INFINITY };
}

/** Names a run for good. */
export function runId(source: LogSource, run: IndexedRun): string {
  return `${source.id}@${run.startedAtMs}`;
}

/** The run that a line belongs to; null when its beginning is no longer kept. */
export function runOfLine(index: LineIndex, line: number): IndexedRun | null {
  let found: IndexedRun | null = null;
  for (const run of index.runs) {
    if (run.from > line) break;
    found = run;
  }
  return found;
}

function both(first: (line: number) => boolean, second: (line: number) => boolean): (line: number) => boolean {
  return (line) => first(line) && second(line);
}
