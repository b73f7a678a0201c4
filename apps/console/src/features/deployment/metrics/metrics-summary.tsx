import type { DeploymentMetrics } from "@slipway/contracts";
import { valueText } from "./chart-scale.ts";

/** The whole range in a line of figures. */
export function MetricsSummary({ metrics: { summary } }: { metrics: DeploymentMetrics }) {
  const ms = (value: number | null) => (value === null ? "–" : valueText(value, "milliseconds"));
  const figures = [
    { title: "Requests", words: summary.requests.toLocaleString("en-GB") },
    { title: "Mean rate", words: valueText(summary.requestsPerSecond, "rate") },
    { title: "Success", words: summary.success === null ? "–" : valueText(summary.success, "share") },
    { title: "p50", words: ms(summary.p50Ms) },
    { title: "p95", words: ms(summary.p95Ms) },
    { title: "p99", words: ms(summary.p99Ms) },
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 rounded-xl border border-line bg-surface p-4 sm:flex sm:flex-wrap sm:gap-x-10 sm:px-5">
      {figures.map(({ title, words }) => (
        <div key={title}>
          <dt className="text-ink-soft text-xs">{title}</dt>
          <dd className="whitespace-nowrap font-semibold text-lg tabular-nums">{words}</dd>
        </div>
      ))}
    </dl>
  );
}
