import { type TimeZone, timeParts } from "@slipway/ui/format-time";
import type { Span } from "./chart-range.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Distances between marks of time that people count in. */
const STEPS = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
];

/** Round moments within a span, at most `limit` of them, at the zone's own full hours and midnights. */
export function timeTicks({ fromMs, toMs }: Span, limit: number, zone: TimeZone): number[] {
  const step = STEPS.find((one) => (toMs - fromMs) / one <= limit) ?? 30 * DAY;
  const { date, time } = timeParts(fromMs, zone);
  const offset = Math.round((Date.parse(`${date}T${time}Z`) - fromMs) / MINUTE) * MINUTE;
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs + offset) / step) * step - offset; at <= toMs; at += step) ticks.push(at);
  return ticks;
}

/** A mark's words: the time where a span is short, the day where it is long. */
export function tickText(atMs: number, { fromMs, toMs }: Span, zone: TimeZone): string {
  const { date, time } = timeParts(atMs, zone);
  const day = `${date.slice(8)}/${date.slice(5, 7)}`;
  if (toMs - fromMs > 2 * DAY) return time === "00:00:00" ? day : `${day} ${time.slice(0, 5)}`;
  return toMs - fromMs <= 5 * MINUTE ? time : time.slice(0, 5);
}

/** Units that values are counted in. */
export type Unit = "rate" | "share" | "count" | "milliseconds" | "cores" | "bytes";

/** A value with its unit, in as few digits as tell it apart from its neighbours. */
export function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case "rate":
      return `${short(value)}/s`;
    case "share":
      return `${value === 1 ? "100" : trim((value * 100).toFixed(value > 0.9 ? 2 : 1))} %`;
    case "count":
      return short(value);
    case "milliseconds":
      return value >= 1_000 ? `${short(value / 1_000)} s` : `${short(value)} ms`;
    case "cores":
      return short(value);
    case "bytes":
      return bytesText(value);
    default:
      return unit satisfies never;
  }
}

/** Three digits, and thousands as k. */
function short(value: number): string {
  if (value >= 1_000_000) return `${trim((value / 1_000_000).toPrecision(3))}M`;
  if (value >= 1_000) return `${trim((value / 1_000).toPrecision(3))}k`;
  return value >= 100 ? value.toFixed(0) : trim(value.toPrecision(3));
}

function bytesText(value: number): string {
  if (value === 0) return "0";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${trim((value / 1024 ** power).toFixed(power < 3 ? 0 : 1))} ${units[power]}`;
}

function trim(text: string): string {
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/** Round values from 0 to at least `max`, for the marks of an axis; memory steps by powers of two. */
export function valueTicks(max: number, unit: Unit): number[] {
  if (unit === "share") return [0, 0.25, 0.5, 0.75, 1];
  if (!(max > 0)) return [0, 1];
  const step = unit === "bytes" ? 2 ** Math.ceil(Math.log2(max / 4)) : niceStep(max / 4, unit === "count");
  const count = Math.ceil(max / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

function niceStep(least: number, isWhole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
  return isWhole ? Math.max(1, Math.ceil(step)) : step;
}
