import type { MetricPoint } from "@slipway/contracts";
import { type TimeZone, timeOfDay, timeParts } from "@slipway/ui/format-time";
import type { ChartModel, Series } from "./chart-model.ts";
import { valueText } from "./chart-scale.ts";

const DAY_MS = 86_400_000;

/** What a chart shows, in a sentence for each line: its latest value, and its extreme with the time of it. */
export function chartSummary(chart: ChartModel, points: readonly MetricPoint[], zone: TimeZone): string {
  if (chart.shape === "stacked") return stackedSummary(chart, points);
  const sentences = chart.series.map((series) => seriesSummary(chart, series, points, zone));
  return sentences.filter((sentence) => sentence !== "").join(" ") || "Nothing was measured in this time.";
}

function seriesSummary(
  { series: all, unit, shape }: ChartModel,
  series: Series,
  points: readonly MetricPoint[],
  zone: TimeZone,
): string {
  const measured = points.flatMap((point) => {
    const value = series.value(point);
    return value === null ? [] : [{ at: point.at, value }];
  });
  const last = measured.at(-1);
  if (last === undefined) return "";
  // What is bad about success and replicas is their low, about everything else its high.
  const isLow = unit === "share" || shape === "step";
  const extreme = measured.reduce((best, one) =>
    (isLow ? one.value < best.value : one.value > best.value) ? one : best,
  );
  const name = all.length === 1 ? "" : `${series.name} `;
  const at = momentText(extreme.at, points, zone);
  return sentence(
    `${name}latest ${valueText(last.value, unit)}, ${isLow ? "lowest" : "highest"} ${valueText(extreme.value, unit)} at ${at}.`,
  );
}

function stackedSummary({ series }: ChartModel, points: readonly MetricPoint[]): string {
  const totals = series.map(({ name, value }) => {
    const total = points.reduce((sum, point) => sum + (value(point) ?? 0), 0);
    return `${name}: ${total.toLocaleString("en-GB")}`;
  });
  return totals.length === 0 ? "No requests in this time." : `In all ${totals.join(", ")}.`;
}

function momentText(at: string, points: readonly MetricPoint[], zone: TimeZone): string {
  const spanMs = Date.parse(points.at(-1)?.at ?? at) - Date.parse(points[0]?.at ?? at);
  return spanMs < DAY_MS ? timeOfDay(at, zone) : `${timeParts(at, zone).date} ${timeOfDay(at, zone)}`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
