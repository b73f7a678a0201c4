import type { LogMatch, LogQuery } from "@slipway/contracts";
import { lineId, readLineId } from "./cursor.ts";
import type { FoundLines } from "./found-lines.ts";
import type { View } from "./visible-lines.ts";

/** A place in the order of several logs: by time, then by log, then by line. */
type Position = { atMs: number; view: number; line: number };

/** How often something is found, and the next place from a line on; past the last one it goes on with the first. */
export function findMatch(
  views: readonly View[],
  query: Extract<LogQuery, { want: "match" }>,
  foundLines: FoundLines,
): LogMatch {
  const found = foundLines.of(views, query.search);
  const count = found.reduce((sum, lines) => sum + lines.length, 0);
  const from = query.from === null ? null : positionOf(views, query.from);
  const isNewer = query.direction === "newer";
  const next = (from === null ? null : nearest(views, found, from, isNewer)) ?? nearest(views, found, null, isNewer);
  if (next === null) return { count, position: null, line: null };
  const view = views[next.view];
  return {
    count,
    position: countUpTo(views, found, next),
    line: view === undefined ? null : lineId(view, next.line),
  };
}

function positionOf(views: readonly View[], id: string): Position | null {
  const { source, place } = readLineId(id);
  const view = views.findIndex((candidate) => candidate.source.id === source);
  const index = views[view]?.log.index;
  if (index === undefined) return null;
  const line = index.lineFrom(place);
  return { atMs: index.time(line), view, line };
}

/** The match closest to a place on one side of it; without a place, the first from that end. */
function nearest(
  views: readonly View[],
  found: readonly (readonly number[])[],
  from: Position | null,
  isNewer: boolean,
): Position | null {
  let best: Position | null = null;
  for (const [view, lines] of found.entries()) {
    const after = from === null ? (isNewer ? 0 : lines.length) : firstAfter(views, lines, view, from, isNewer);
    const line = lines[isNewer ? after : after - 1];
    const index = views[view]?.log.index;
    if (line === undefined || index === undefined) continue;
    const position = { atMs: index.time(line), view, line };
    if (best === null || (isNewer ? isBefore(position, best) : isBefore(best, position))) best = position;
  }
  return best;
}

/** How many of one log's matches stand before a place, the place itself counted in when `isWith`. */
function firstAfter(
  views: readonly View[],
  lines: readonly number[],
  view: number,
  from: Position,
  isWith: boolean,
): number {
  const index = views[view]?.log.index;
  let low = 0;
  let high = lines.length;
  while (low < high && index !== undefined) {
    const middle = (low + high) >>> 1;
    const line = lines[middle] ?? 0;
    const position = { atMs: index.time(line), view, line };
    const isAhead = isBefore(position, from) || (isWith && !isBefore(from, position));
    if (isAhead) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countUpTo(views: readonly View[], found: readonly (readonly number[])[], position: Position): number {
  return found.reduce((sum, lines, view) => sum + firstAfter(views, lines, view, position, true), 0);
}

function isBefore(left: Position, right: Position): boolean {
  if (left.atMs !== right.atMs) return left.atMs < right.atMs;
  if (left.view !== right.view) return left.view < right.view;
  return left.line < right.line;
}
