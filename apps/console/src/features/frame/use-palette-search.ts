import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { type Found, NOTHING, whatStillMatches } from "./palette-found.ts";

/** Typing faster than this asks the server once. */
const SETTLE_MS = 120;
const FOUND_MAX = 6;

/**
 * What the server finds for a text: deployments and registered models of a group, servers of every group. A search that
 * more typing made pointless is cancelled; until the next one answers, what was found and still has the text in its name stays.
 */
export function usePaletteSearch(search: string, group: string) {
  const settled = useSettled(search);
  const { data, isError, isFetching, isPlaceholderData } = useQuery({
    queryKey: ["palette", group, settled],
    queryFn: ({ signal }) => find(settled, group, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const found = data ?? NOTHING;
  const isOld = isPlaceholderData || settled !== search;
  return {
    found: isOld ? whatStillMatches(found, search) : found,
    isSearching: isFetching || settled !== search,
    isError,
  };
}

/** @throws what the server said when it answered none of the searches; one that it refused finds nothing */
async function find(search: string, group: string, signal: AbortSignal): Promise<Found> {
  const resources = (kind: string, of: string) =>
    trpc.resource.list.query({ kind, group: of, search, limit: FOUND_MAX }, { signal }).then(({ items }) => items);
  const models = () =>
    trpc.registry.list.query({ group, search, limit: FOUND_MAX }, { signal }).then(({ items }) => items);
  const deployments = resources("deployments", group);
  // Without a text the palette is about pages and what one has deployed.
  if (search === "") return { ...NOTHING, deployments: await deployments };
  const answers = await Promise.allSettled([deployments, models(), resources("servers", "*")]);
  const refused = answers.filter((answer) => answer.status === "rejected");
  if (refused.length === answers.length) throw refused[0]?.reason;
  const [ofDeployments, ofModels, ofServers] = answers;
  return {
    deployments: ofDeployments.status === "fulfilled" ? ofDeployments.value : [],
    models: ofModels.status === "fulfilled" ? ofModels.value : [],
    servers: ofServers.status === "fulfilled" ? ofServers.value : [],
    isPart: refused.length > 0,
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
