import type { LogBar, LogQuery, LogVolume } from "@slipway/contracts";
import { lineId } from "./cursor.ts";
import { LEVEL_CODES } from "./line-index.ts";
import type { View } from "./visible-lines.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How long a bar may last: what a person reckons in. */
const STEPS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((days) => days * DAY_MS),
];

/**
 * How many lines there are over the time that all of them span, by severity; of those that a search found when `found` says
 * which. Reads the index alone, once through, so it takes some milliseconds for a million lines whatever they say.
 */
export function measureVolume(
  views: readonly View[],
  found: readonly (readonly number[])[] | null,
  { bars: most }: Extract<LogQuery, { want: "volume" }>,
): LogVolume {
  const spans = views.map(spanOf);
  const bars = emptyBars(
    Math.min(...spans.map(({ fromMs }) => fromMs)),
    Math.max(...spans.map(({ toMs }) => toMs)),
    most,
  );
  const { stepMs } = bars;
  const first = (bars.all[0]?.atMs ?? 0) / Math.max(1, stepMs);
  const earliest = bars.all.map(() => Number.POSITIVE_INFINITY);
  let count = 0;
  let untimed = 0;
  for (const [at, view] of views.entries()) {
    const { index } = view.log;
    for (const line of found?.[at] ?? visibleLines(view)) {
      const atMs = index.time(line);
      const which = atMs === 0 ? -1 : Math.floor(atMs / stepMs) - first;
      const bar = bars.all[which];
      if (bar === undefined) {
        untimed += 1;
        continue;
      }
      count += 1;
      addTo(bar, index.level(line));
      if (atMs >= (earliest[which] ?? 0)) continue;
      earliest[which] = atMs;
      bar.line = lineId(view, line);
    }
  }
  return { stepMs, bars: bars.all, count, untimed };
}

function* visibleLines({ log, isVisible }: View): Generator<number> {
  for (let line = log.firstLine; line < log.index.count; line += 1) if (isVisible(line)) yield line;
}

/** From when until when the lines of a log are that may be seen; times never go back within one. */
function spanOf({ log, isVisible }: View): { fromMs: number; toMs: number } {
  const { index, firstLine } = log;
  let from = firstLine;
  while (from < index.count && (index.time(from) === 0 || !isVisible(from))) from += 1;
  let last = index.count - 1;
  while (last >= from && !isVisible(last)) last -= 1;
  return last < from
    ? { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY }
    : { fromMs: index.time(from), toMs: index.time(last) };
}

/** Bars without lines over a time; none when there is no such time. */
function emptyBars(fromMs: number, toMs: number, most: number): { stepMs: number; all: LogBar[] } {
  if (fromMs > toMs) return { stepMs: 0, all: [] };
  const stepMs = stepFor(fromMs, toMs, most);
  const first = Math.floor(fromMs / stepMs);
  const count = Math.floor(toMs / stepMs) - first + 1;
  return { stepMs, all: Array.from({ length: count }, (_, at) => emptyBar((first + at) * stepMs)) };
}

/** The shortest step in which the bars are not too many; they begin at multiples of it. */
function stepFor(fromMs: number, toMs: number, most: number): number {
  const fits = (stepMs: number) => Math.floor(toMs / stepMs) - Math.floor(fromMs / stepMs) < most;
  return STEPS_MS.find(fits) ?? toMs + 1;
}

function emptyBar(atMs: number): LogBar {
  return { atMs, debug: 0, info: 0, warn: 0, error: 0, unsaid: 0, line: null };
}

function addTo(bar: LogBar, level: number): void {
  switch (level) {
    case LEVEL_CODES.debug:
      bar.debug += 1;
      return;
    case LEVEL_CODES.info:
      bar.info += 1;
      return;
    case LEVEL_CODES.warn:
      bar.warn += 1;
      return;
    case LEVEL_CODES.error:
      bar.error += 1;
      return;
    default:
      bar.unsaid += 1;
  }
}
