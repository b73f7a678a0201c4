import type { MetricPoint } from "@slipway/contracts";
import type { Unit } from "./chart-scale.ts";

/** A line of a chart. Lines of one chart differ in colour and in how they are dashed. */
export type Series = {
  key: string;
  name: string;
  colour: string;
  /** As in SVG; empty = unbroken. */
  dash: string;
  value: (point: MetricPoint) => number | null;
};
export type ChartModel = {
  key: string;
  title: string;
  unit: Unit;
  /** `stacked` adds the series up; `step` keeps a value until the next. */
  shape: "line" | "stacked" | "step";
  series: readonly Series[];
};

/** Written out, since only colours that are named somewhere come into the style sheet. */
const COLOURS = [
  "var(--color-chart-1)",
  "var(--color-chart-2)",
  "var(--color-chart-3)",
  "var(--color-chart-4)",
  "var(--color-chart-5)",
  "var(--color-chart-6)",
] as const;
const DASHES = ["", "6 3", "2 3", "10 3 2 3", "4 2 1 2", "1 2"];
/** Statuses with a line of their own; the rarest of more are put together. */
export const CODES_LIMIT = 6;

/** The charts of a deployment. Those of requests come first. */
export function chartsOf(points: readonly MetricPoint[]): ChartModel[] {
  return [
    chart("rate", "Requests per second", "rate", "line", [["rate", "requests", (point) => point.requestsPerSecond]]),
    chart("success", "Success", "share", "line", [["success", "answered with 2xx", (point) => point.success]]),
    { key: "codes", title: "Answers by status", unit: "count", shape: "stacked", series: codeSeries(points) },
    chart("latency", "Latency", "milliseconds", "line", [
      ["p50", "p50", (point) => point.p50Ms],
      ["p95", "p95", (point) => point.p95Ms],
      ["p99", "p99", (point) => point.p99Ms],
    ]),
    chart("inFlight", "In flight", "count", "line", [["inFlight", "most at once", (point) => point.inFlight]]),
    chart("replicas", "Replicas", "count", "step", [
      ["ready", "ready", (point) => point.replicasReady],
      ["wanted", "wanted", (point) => point.replicasWanted],
    ]),
    chart("cpu", "CPU cores of its servers", "cores", "line", [["cpu", "cores", (point) => point.cpuCores]]),
    chart("memory", "Memory of its models", "bytes", "line", [["memory", "memory", (point) => point.memoryBytes]]),
  ];
}

type SeriesOf = readonly [key: string, name: string, value: (point: MetricPoint) => number | null];

function chart(
  key: string,
  title: string,
  unit: Unit,
  shape: ChartModel["shape"],
  series: readonly SeriesOf[],
): ChartModel {
  return { key, title, unit, shape, series: series.map((one, place) => styled(one, place)) };
}

function styled([key, name, value]: SeriesOf, place: number): Series {
  return { key, name, value, colour: COLOURS[place] ?? "", dash: DASHES[place] ?? "" };
}

/** A series for each status that occurs, successes first, then by how often; the rest as one. */
export function codeSeries(points: readonly MetricPoint[]): Series[] {
  const totals = new Map<string, number>();
  for (const { codes } of points) {
    for (const [code, count] of Object.entries(codes)) totals.set(code, (totals.get(code) ?? 0) + count);
  }
  const byCount = [...totals.keys()].sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0) || a.localeCompare(b));
  const kept = byCount.length <= CODES_LIMIT ? byCount : byCount.slice(0, CODES_LIMIT - 1);
  const rest = byCount.slice(kept.length);
  const series: SeriesOf[] = kept
    .toSorted((a, b) => a.localeCompare(b))
    .map((code) => [code, code, (point) => point.codes[code] ?? 0]);
  if (rest.length > 0) {
    series.push(["other", "other", (point) => rest.reduce((sum, code) => sum + (point.codes[code] ?? 0), 0)]);
  }
  return series.map((one, place) => styled(one, place));
}

/** The highest value that a chart has to have room for. */
export function peakOf({ series, shape }: ChartModel, points: readonly MetricPoint[]): number {
  let peak = 0;
  for (const point of points) {
    const values = series.map(({ value }) => value(point) ?? 0);
    peak = Math.max(peak, shape === "stacked" ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values));
  }
  return peak;
}

/** Whether there is anything to draw. */
export function hasValues({ series }: ChartModel, points: readonly MetricPoint[]): boolean {
  return series.some(({ value }) => points.some((point) => value(point) !== null));
}
