import type { ServerReplicasView } from "@slipway/contracts";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { trpc } from "../../trpc/client.ts";
import { type Failure, failureOf } from "../../trpc/failure.ts";

/** What is measured changes without a word in the live feed. */
const READ_EVERY_MS = 5_000;

/** What the leader knows of each server's replicas, by uid, and why it cannot be had; read again every few seconds while the page is looked at. */
export function useServerReplicas(group: string): {
  replicasOf: ReadonlyMap<string, ServerReplicasView>;
  failure: Failure | null;
  /** Nothing was answered yet. */
  isReading: boolean;
} {
  const { data, error, isPending } = useQuery({
    // Read again with the list of servers, too.
    queryKey: ["servers", group, "replicas"],
    queryFn: ({ signal }) => trpc.placement.replicas.query({ group }, { signal }),
    refetchInterval: READ_EVERY_MS,
    retry: false,
  });
  const replicasOf = useMemo(() => new Map((data?.items ?? []).map((server) => [server.uid, server])), [data]);
  return { replicasOf, failure: error === null ? null : failureOf(error), isReading: isPending };
}
