import type { LogBar, LogVolume } from "@slipway/contracts";
import { exactTime, type TimeZone, timeParts } from "@slipway/ui/format-time";

/** How high the fullest bar is drawn. */
export const BAR_PX = 48;
/** What is there at all is drawn this high at least, so that two errors among thousands of lines are seen. */
const LEAST_PX = 3;

/** The parts of a bar from the bottom up, in pixels. */
export type BarHeights = { error: number; warn: number; other: number };

export function linesOf({ debug, info, warn, error, unsaid }: LogBar): number {
  return debug + info + warn + error + unsaid;
}

/** How high each bar's parts are; none is higher than all may be together. */
export function heightsOf(bars: readonly LogBar[]): BarHeights[] {
  const most = Math.max(1, ...bars.map(linesOf));
  return bars.map((bar) => {
    const part = (count: number) => (count === 0 ? 0 : Math.max(LEAST_PX, (count / most) * BAR_PX));
    const [error, warn] = [part(bar.error), part(bar.warn)];
    const other = part(linesOf(bar) - bar.error - bar.warn);
    return { error, warn, other: Math.min(other, BAR_PX - error - warn) };
  });
}

/** The bar at a share of the width, 0 to 1. */
export function barAt(share: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

/** The bar in which a moment is; the nearest one for a moment outside. */
export function barOf(atMs: number, { bars, stepMs }: LogVolume): number {
  return barAt((atMs - (bars[0]?.atMs ?? 0)) / (stepMs * bars.length), bars.length);
}

/** The first line of a bar; of an empty one, that of the next which has lines, or else the one before. */
export function lineOfBar(bars: readonly LogBar[], at: number): string | null {
  const later = bars.slice(at).find(({ line }) => line !== null);
  return (later ?? bars.slice(0, at).findLast(({ line }) => line !== null))?.line ?? null;
}

/** The time of the bars from one to another, whichever comes first; both ends are in it. */
export function timesOf({ bars, stepMs }: LogVolume, one: number, other: number): { since: string; until: string } {
  const atMs = (at: number) => bars[at]?.atMs ?? 0;
  return {
    since: new Date(atMs(Math.min(one, other))).toISOString(),
    until: new Date(atMs(Math.max(one, other)) + stepMs - 1).toISOString(),
  };
}

/** `13:00:00 to 13:05:00: 1,200 lines, 2 errors, 1 warning` */
export function barWords({ bars, stepMs }: LogVolume, one: number, other: number, zone: TimeZone): string {
  const chosen = bars.slice(Math.min(one, other), Math.max(one, other) + 1);
  const fromMs = chosen[0]?.atMs ?? 0;
  const toMs = fromMs + stepMs * chosen.length;
  return `${momentWords(fromMs, stepMs, zone)} to ${momentWords(toMs, stepMs, zone)}: ${countWords(chosen)}`;
}

/** What all bars together say: `1,200 lines, 2 errors, 1 warning, 2026-01-01 13:00:00 UTC to …, 5 s a bar`. */
export function volumeWords(volume: LogVolume, zone: TimeZone): string {
  const { bars, stepMs } = volume;
  const fromMs = bars[0]?.atMs ?? 0;
  const toMs = fromMs + stepMs * bars.length;
  return `${countWords(bars)}, ${exactTime(fromMs, zone)} to ${exactTime(toMs, zone)}, ${stepWords(stepMs)} a bar`;
}

function countWords(bars: readonly LogBar[]): string {
  const sum = (count: (bar: LogBar) => number) => bars.reduce((total, bar) => total + count(bar), 0);
  const [lines, errors, warnings] = [sum(linesOf), sum(({ error }) => error), sum(({ warn }) => warn)];
  return `${inWords(lines, "line")}, ${inWords(errors, "error")}, ${inWords(warnings, "warning")}`;
}

function inWords(count: number, word: string): string {
  return `${count === 0 ? "no" : count.toLocaleString("en-GB")} ${word}${count === 1 ? "" : "s"}`;
}

const DAY_MS = 86_400_000;
const UNITS: readonly (readonly [number, string])[] = [
  [DAY_MS, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

function stepWords(stepMs: number): string {
  const [unit, word] = UNITS.find(([size]) => stepMs >= size) ?? [1, "ms"];
  return `${stepMs / unit} ${word}`;
}

/** As exact as bars of that length need it. */
export function momentWords(atMs: number, stepMs: number, zone: TimeZone): string {
  const { date, time } = timeParts(atMs, zone);
  if (stepMs >= DAY_MS) return date;
  if (stepMs >= 3_600_000) return `${date} ${time.slice(0, 5)}`;
  return stepMs < 1_000 ? `${time}.${String(Math.floor(atMs) % 1_000).padStart(3, "0")}` : time;
}
