import { type TimeZone, timeParts, UTC } from "@slipway/ui/format-time";

/** Ranges that end now; each but the first is what the button before it grows into. */
export const RANGES = [
  { name: "15m", words: "15 min", ms: 15 * 60_000 },
  { name: "1h", words: "1 h", ms: 3_600_000 },
  { name: "6h", words: "6 h", ms: 6 * 3_600_000 },
  { name: "24h", words: "24 h", ms: 24 * 3_600_000 },
  { name: "7d", words: "7 d", ms: 7 * 24 * 3_600_000 },
] as const;
export type RangeName = (typeof RANGES)[number]["name"];

/** What all charts show: up to now, or from one moment to another. */
export type ChartRange = { kind: "recent"; name: RangeName } | { kind: "fixed"; fromMs: number; toMs: number };
export type Span = { fromMs: number; toMs: number };

export const DEFAULT_RANGE: ChartRange = { kind: "recent", name: "1h" };
/** Nothing is kept finer than 10 s, so less than a few points says nothing. */
const SHORTEST_MS = 60_000;
/** As long as metrics are kept. */
const LONGEST_MS = 90 * 86_400_000;

/** The range that a URL names; the last hour for anything else. */
export function rangeOf(parameters: Pick<URLSearchParams, "get">): ChartRange {
  const name = parameters.get("range");
  const known = RANGES.find((range) => range.name === name);
  if (known !== undefined) return { kind: "recent", name: known.name };
  const fromMs = Date.parse(parameters.get("from") ?? "");
  const toMs = Date.parse(parameters.get("to") ?? "");
  return name === "custom" && fromMs < toMs ? { kind: "fixed", fromMs, toMs } : DEFAULT_RANGE;
}

/** An address with another range; what goes without saying stays out of it. */
export function withRange(search: string, range: ChartRange): string {
  const parameters = new URLSearchParams(search);
  for (const name of ["range", "from", "to"]) parameters.delete(name);
  if (range.kind === "fixed") {
    parameters.set("range", "custom");
    parameters.set("from", new Date(range.fromMs).toISOString());
    parameters.set("to", new Date(range.toMs).toISOString());
  } else if (range.name !== "1h") parameters.set("range", range.name);
  return `?${parameters.toString()}`;
}

/** What a range asks the API for. */
export function askFor(range: ChartRange): { from: string; to?: string } {
  if (range.kind === "recent") return { from: `-${range.name}` };
  return { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
}

/** A part of what is shown, or more than it: half around its middle, or twice. Never beyond now or what is kept. */
export function zoomed({ fromMs, toMs }: Span, factor: number, nowMs: number): ChartRange {
  const lengthMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (toMs - fromMs) * factor));
  const end = Math.min(nowMs, Math.round((fromMs + toMs) / 2 + lengthMs / 2));
  return { kind: "fixed", fromMs: Math.max(nowMs - LONGEST_MS, end - lengthMs), toMs: end };
}

/** The range between two moments of a chart, whichever was first; null when they are too near to mean one. */
export function dragged(oneMs: number, otherMs: number): ChartRange | null {
  const fromMs = Math.min(oneMs, otherMs);
  const toMs = Math.max(oneMs, otherMs);
  return toMs - fromMs < SHORTEST_MS ? null : { kind: "fixed", fromMs, toMs };
}

/** What two typed moments make, or what is wrong with them. */
export function typedRange(from: string, to: string, zone: TimeZone): ChartRange | { problem: string } {
  const fromMs = momentOf(from, zone);
  const toMs = momentOf(to, zone);
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return { problem: "Give a date and time for both." };
  if (toMs - fromMs < SHORTEST_MS) return { problem: "The end must be at least a minute after the beginning." };
  return { kind: "fixed", fromMs, toMs };
}

/** A moment as a field of date and time writes it. */
export function fieldText(ms: number, zone: TimeZone): string {
  const { date, time } = timeParts(ms, zone);
  return `${date}T${time.slice(0, 5)}`;
}

/** The moment that a field of date and time means in a zone; NaN for none. */
export function momentOf(text: string, zone: TimeZone): number {
  const asUtc = Date.parse(`${text}Z`);
  if (zone === UTC || Number.isNaN(asUtc)) return asUtc;
  // The zone's distance to UTC differs over the year: it is measured at the moment itself.
  const { date, time } = timeParts(asUtc, zone);
  const first = asUtc - (Date.parse(`${date}T${time}Z`) - asUtc);
  const again = timeParts(first, zone);
  return first - (Date.parse(`${again.date}T${again.time}Z`) - asUtc);
}
