import type { DeploymentMetrics } from "@slipway/contracts";
import { useTimeZone } from "@slipway/ui/time-zone";
import { useMemo } from "react";
import { chartsOf, hasValues } from "./chart-model.ts";
import type { ChartRange } from "./chart-range.ts";
import { chartSummary } from "./chart-summary.ts";
import { MetricChart } from "./metric-chart.tsx";

/** Charts that say nothing where there were no requests. */
const OF_REQUESTS: ReadonlySet<string> = new Set(["rate", "success", "codes", "latency", "inFlight"]);

type Props = {
  metrics: DeploymentMetrics;
  choose: (range: ChartRange) => void;
};

/** All charts of a range, with one crosshair. */
export function ChartGrid({ metrics, choose }: Props) {
  const zone = useTimeZone();
  const { points, summary } = metrics;
  const charts = useMemo(
    () =>
      chartsOf(points)
        .filter((chart) => (summary.requests > 0 || !OF_REQUESTS.has(chart.key)) && hasValues(chart, points))
        .map((chart) => ({ chart, summary: chartSummary(chart, points, zone) })),
    [points, summary.requests, zone],
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5 md:grid-cols-2">
      {charts.map(({ chart, summary }) => (
        <MetricChart key={chart.key} chart={chart} summary={summary} metrics={metrics} zone={zone} choose={choose} />
      ))}
    </div>
  );
}
