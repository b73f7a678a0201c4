import type { MetricPoint } from "@slipway/contracts";
import { Skeleton } from "@slipway/ui/skeleton";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { trpc } from "../../../trpc/client.ts";
import type { DeploymentDetails } from "../deployment-details.ts";
import { pathOfDeployment } from "../deployment-path.ts";
import { DEPLOYMENT_KEY } from "../use-deployment.ts";
import { valueText } from "./chart-scale.ts";
import { sparklinePath } from "./sparkline-path.ts";

const RENEW_EVERY_MS = 15_000;
const WIDTH = 96;
const HEIGHT = 24;

/** The last minute of the deployment in three figures, each with the quarter of an hour before it as a line. */
export function TrafficFigures({ details }: { details: DeploymentDetails }) {
  const { group, name, uid } = details;
  const { data, error } = useQuery({
    queryKey: [DEPLOYMENT_KEY, uid, "traffic"],
    queryFn: async ({ signal }) => {
      const [rates, metrics] = await Promise.all([
        trpc.metrics.rates.query({ group, uids: uid }, { signal }),
        trpc.metrics.deployment.query({ group, name, from: "-15m" }, { signal }),
      ]);
      return { rate: rates.items[0] ?? null, points: metrics.points };
    },
    staleTime: RENEW_EVERY_MS / 2,
    refetchInterval: RENEW_EVERY_MS,
    retry: false,
  });
  // What cannot be read is left out: the page is about more than its traffic.
  if (data === undefined && error !== null) return null;
  const { rate = null, points = [] } = data ?? {};
  return (
    <section aria-labelledby="traffic" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <div className="mb-3 flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <h2 id="traffic" className="font-semibold text-lg">
          Traffic
        </h2>
        <span className="text-ink-soft text-sm">Last minute; the lines show 15 minutes</span>
        <Link
          href={pathOfDeployment(details, "metrics")}
          prefetch={false}
          className="rounded text-accent text-sm underline underline-offset-4 sm:ml-auto"
        >
          All metrics
        </Link>
      </div>
      {data === undefined ? (
        <Skeleton className="h-16 w-full" />
      ) : (
        <dl className="grid gap-4 sm:grid-cols-3">
          <Figure
            title="Requests per second"
            words={valueText(rate?.requestsPerSecond ?? 0, "rate")}
            values={points.map((point) => point.requestsPerSecond)}
          />
          <Figure
            title="p95"
            words={rate === null || rate.p95Ms === null ? "–" : valueText(rate.p95Ms, "milliseconds")}
            values={points.map((point) => point.p95Ms)}
          />
          <Figure
            title="5xx errors"
            words={rate === null || rate.serverErrorRate === null ? "–" : valueText(rate.serverErrorRate, "share")}
            values={points.map(serverErrors)}
          />
        </dl>
      )}
    </section>
  );
}

function serverErrors({ codes }: MetricPoint): number {
  return Object.entries(codes).reduce((sum, [code, count]) => sum + (code.startsWith("5") ? count : 0), 0);
}

function Figure({ title, words, values }: { title: string; words: string; values: readonly (number | null)[] }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-soft text-xs">{title}</dt>
      <dd className="mt-1 flex items-center gap-3">
        <span className="min-w-16 whitespace-nowrap font-semibold text-lg tabular-nums">{words}</span>
        <svg
          aria-hidden="true"
          viewBox={`-1 -2 ${WIDTH + 2} ${HEIGHT + 4}`}
          className="h-7 w-full max-w-40 min-w-0"
          preserveAspectRatio="none"
        >
          <path
            d={sparklinePath(values, WIDTH, HEIGHT)}
            fill="none"
            stroke="var(--color-chart-1)"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
      </dd>
    </div>
  );
}
