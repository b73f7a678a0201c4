import { buttonClass } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { ExactTime } from "@slipway/ui/relative-time";
import { Skeleton } from "@slipway/ui/skeleton";
import Link from "next/link";
import { useEffect, useState } from "react";
import { failureOf } from "../../../trpc/failure.ts";
import type { DeploymentDetails } from "../deployment-details.ts";
import { pathOfDeployment } from "../deployment-path.ts";
import { FailureNotice } from "../failure-notice.tsx";
import { lazyTab } from "../lazy-tab.tsx";
import { MarkerList } from "./marker-list.tsx";
import { MetricsSummary } from "./metrics-summary.tsx";
import { MetricsTable } from "./metrics-table.tsx";
import { MetricsToolbar } from "./metrics-toolbar.tsx";
import { useMetrics } from "./use-metrics.ts";

/** Whatever draws is far larger than the rest of the page and comes by itself. */
const fetchCharts = () => import("./chart-grid.tsx").then((charts) => charts.ChartGrid);
const ChartGrid = lazyTab(fetchCharts, ChartsSkeleton);

/** What the deployment did over time: one range for all charts, the same as a table, and as a file. */
export function MetricsTab({ details }: { details: DeploymentDetails }) {
  const { data, error, range, choose, isPaused, setPaused, isPlaceholderData, dataUpdatedAt } = useMetrics(details);
  const [isTable, setTable] = useState(false);
  // The figures and what draws them come at the same time. That it cannot be had is said where it is shown.
  useEffect(() => {
    fetchCharts().catch(() => undefined);
  }, []);
  if (data === undefined) {
    return error === null ? <ChartsSkeleton /> : <FailureNotice failure={failureOf(error)} />;
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5" aria-busy={isPlaceholderData}>
      <MetricsToolbar
        range={range}
        metrics={data}
        name={details.name}
        choose={choose}
        isPaused={isPaused}
        setPaused={setPaused}
        isTable={isTable}
        setTable={setTable}
      />
      <div role="status" className="empty:hidden">
        {error === null ? null : (
          <Notice tone="warn" title={failureOf(error).words}>
            <p>
              These are the figures of <ExactTime iso={new Date(dataUpdatedAt).toISOString()} />; they are asked for
              again.
            </p>
          </Notice>
        )}
      </div>
      {data.summary.requests === 0 ? <NoRequests details={details} /> : <MetricsSummary metrics={data} />}
      {isTable ? <MetricsTable points={data.points} /> : <ChartGrid metrics={data} choose={choose} />}
      <MarkerList markers={data.markers} />
    </div>
  );
}

function NoRequests({ details }: { details: DeploymentDetails }) {
  return (
    <div className="rounded-xl border border-line bg-surface p-6 text-center">
      <p className="mb-1 font-semibold">No requests in this time</p>
      <p className="mb-4 text-ink-soft text-sm">Send one, and it shows here within a few seconds.</p>
      <Link href={pathOfDeployment(details, "try")} prefetch={false} className={buttonClass("primary")}>
        Try it
      </Link>
    </div>
  );
}

function ChartsSkeleton() {
  return (
    <div role="status" className="grid gap-5 md:grid-cols-2">
      <span className="sr-only">Loading the metrics</span>
      {["rate", "success", "codes", "latency", "flight", "replicas", "cpu", "memory"].map((chart) => (
        <Skeleton key={chart} className="h-72 w-full rounded-xl" />
      ))}
    </div>
  );
}
