import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { trpc } from "../../../trpc/client.ts";
import type { DeploymentDetails } from "../deployment-details.ts";
import { DEPLOYMENT_KEY } from "../use-deployment.ts";
import { askFor, type ChartRange, rangeOf, withRange } from "./chart-range.ts";

const RENEW_EVERY_MS = 10_000;

/** The metrics of the range that the address names, renewed while that ends now and nobody paused it. */
export function useMetrics({ uid, group, name }: DeploymentDetails) {
  const parameters = useSearchParams();
  const range = rangeOf(parameters);
  const [isPaused, setPaused] = useState(false);
  const isRenewed = range.kind === "recent" && !isPaused;
  const asked = askFor(range);
  const query = useQuery({
    queryKey: [DEPLOYMENT_KEY, uid, "metrics", asked],
    queryFn: ({ signal }) => trpc.metrics.deployment.query({ group, name, ...asked }, { signal }),
    staleTime: isRenewed ? RENEW_EVERY_MS / 2 : Number.POSITIVE_INFINITY,
    refetchInterval: isRenewed ? RENEW_EVERY_MS : false,
    // Another range takes the place of what is shown when it is there, not before.
    placeholderData: keepPreviousData,
    retry: false,
  });
  return {
    ...query,
    range,
    isPaused,
    setPaused,
    choose: (next: ChartRange) => window.history.pushState(null, "", withRange(window.location.search, next)),
  };
}
