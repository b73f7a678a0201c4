import {
  LOG_LEVELS,
  LOG_PAGE_BYTES,
  type LogLine,
  type LogPage,
  type LogQuery,
  SlipwayError,
} from "@slipway/contracts";
import { lineId, readCursor, readLineId, writeCursor } from "./cursor.ts";
import { Merge, type MergedLine } from "./merge-views.ts";
import { runId, runOfLine, type View } from "./visible-lines.ts";

const REQUEST_ID = /"requestId":"([^"\\]{1,128})"/;

type Lines = Omit<LogPage, "replicas" | "runs">;
type PageQuery = Extract<LogQuery, { want: "page" }>;

/** The lines of several logs that stand at a place, in order of time. @throws request/invalid */
export function readPage(views: readonly View[], { place, limit }: PageQuery): Lines {
  if ("before" in place) return pageBefore(views, linesAt(views, place.before), limit);
  if ("after" in place) return pageAfter(views, linesAt(views, place.after), limit);
  if ("line" in place) return pageAround(views, place.line, limit);
  return place.at === "newest"
    ? pageBefore(
        views,
        linesOf(views, ({ log }) => log.index.count),
        limit,
      )
    : pageAfter(
        views,
        linesOf(views, ({ log }) => log.firstLine),
        limit,
      );
}

function pageBefore(views: readonly View[], from: readonly number[], limit: number): Lines {
  const { lines, merge } = take(views, from, -1, limit);
  return {
    lines: lines.reverse().map(toLine),
    older: merge.isOver() ? null : writeCursor(views, (index) => (merge.at[index] ?? 0) + 1),
    newer: writeCursor(views, (index) => from[index] ?? 0),
    isEnd: views.every(({ log }, index) => (from[index] ?? 0) >= log.index.count),
  };
}

function pageAfter(views: readonly View[], from: readonly number[], limit: number): Lines {
  const { lines, merge } = take(views, from, 1, limit);
  const isFirst = views.every(({ log }, index) => (from[index] ?? 0) <= log.firstLine);
  return {
    lines: lines.map(toLine),
    older: isFirst ? null : writeCursor(views, (index) => from[index] ?? 0),
    newer: writeCursor(views, (index) => merge.at[index] ?? 0),
    isEnd: merge.isOver(),
  };
}

function pageAround(views: readonly View[], id: string, limit: number): Lines {
  const { source, place } = readLineId(id);
  const found = views.find((view) => view.source.id === source);
  if (found === undefined) throw gone();
  const line = found.log.index.lineFrom(place);
  if (line >= found.log.index.count || line < found.log.firstLine) throw gone();
  const atMs = found.log.index.time(line);
  const from = linesOf(views, (view) => (view === found ? line : view.log.index.lineSince(atMs)));
  const older = pageBefore(views, from, Math.ceil(limit / 2));
  const newer = pageAfter(views, from, Math.ceil(limit / 2));
  return { ...newer, lines: [...older.lines, ...newer.lines], older: older.older };
}

function gone(): SlipwayError {
  const problem = "The line is no longer kept, or not among these lines.";
  return new SlipwayError("request/invalid", { problem }, { field: "line" });
}

/** Where a cursor stands in each log; a log that it does not know begins with its first line. */
function linesAt(views: readonly View[], cursor: string): number[] {
  const places = readCursor(cursor);
  return linesOf(views, ({ source, log }) => {
    const place = places[source.id];
    return place === undefined ? log.firstLine : log.index.lineFrom(place);
  });
}

function linesOf(views: readonly View[], lineOf: (view: View) => number): number[] {
  return views.map(lineOf);
}

function take(views: readonly View[], from: readonly number[], direction: 1 | -1, limit: number) {
  const merge = new Merge(views, from, direction);
  const lines: MergedLine[] = [];
  let bytes = 0;
  while (lines.length < limit && bytes < LOG_PAGE_BYTES) {
    const next = merge.next();
    if (next === null) break;
    bytes += next.view.log.index.length(next.line);
    lines.push(next);
  }
  return { lines, merge };
}

function toLine({ view, line }: MergedLine): LogLine {
  const { source, log } = view;
  const text = log.text(line);
  const run = runOfLine(log.index, line);
  return {
    id: lineId(view, line),
    source: source.id,
    replica: source.replica,
    atMs: log.index.time(line),
    run: run === null ? null : runId(source, run),
    level: LOG_LEVELS[log.index.level(line) - 1] ?? null,
    requestId: REQUEST_ID.exec(text)?.[1] ?? null,
    text,
    isContinued: log.index.isContinued(line),
  };
}
