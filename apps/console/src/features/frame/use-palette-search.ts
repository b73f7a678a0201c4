import type { ResourceView } from "@slipway/contracts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { trpc } from "../../trpc/client.ts";

/** Typing faster than this asks the server once. */
const SETTLE_MS = 120;
const FOUND_MAX = 6;
const NONE: readonly ResourceView[] = [];

/** What the server finds of a group for a text: its deployments, and servers of every group. */
export function usePaletteSearch(search: string, group: string) {
  const settled = useSettled(search);
  const { data, isError, isFetching } = useQuery({
    queryKey: ["palette", group, settled],
    queryFn: async ({ signal }) => {
      const find = (kind: string, of: string) =>
        trpc.resource.list.query({ kind, group: of, search: settled, limit: FOUND_MAX }, { signal });
      const [deployments, servers] = await Promise.all([
        find("deployments", group),
        settled === "" ? { items: [] } : find("servers", "*"),
      ]);
      return { deployments: deployments.items, servers: servers.items };
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  return {
    deployments: data?.deployments ?? NONE,
    servers: data?.servers ?? NONE,
    isSearching: isFetching || settled !== search,
    isError,
  };
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
