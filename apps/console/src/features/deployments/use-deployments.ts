import type { DeploymentFacets, DeploymentRow, DeploymentRowPage } from "@slipway/contracts";
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { trpc } from "../../trpc/client.ts";
import { useLive } from "../../trpc/use-live.ts";
import { filterParameters, isNarrowed, type ListQuery, PAGE_ROWS } from "./list-query.ts";
import { patchRows } from "./patch-rows.ts";

type First = { query: ListQuery; part: DeploymentRowPage; facets: DeploymentFacets };
type Data = { pages: DeploymentRowPage[]; pageParams: (string | undefined)[] };

const ROWS = "deployment-rows";
const FACETS = "deployment-facets";
const FIRST_PAGE: string | undefined = undefined;
/** A busy feed makes every page of a long list be read again; no more often than this for each page that is held. */
const READ_AGAIN_MS_A_PAGE = 400;
const COUNT_AGAIN_MS = 3_000;

/** The deployments that a query asks for, kept as they are now, and how many each filter would give. */
export function useDeployments(query: ListQuery, first: First) {
  const queryClient = useQueryClient();
  const filter = filterParameters(query);
  const rowsKey = [ROWS, filter, query.sort];
  const isFirst =
    JSON.stringify([filterParameters(first.query), first.query.sort]) === JSON.stringify([filter, query.sort]);
  const list = useInfiniteQuery({
    queryKey: rowsKey,
    queryFn: ({ pageParam, signal }) =>
      trpc.deployment.rows.query(
        { ...filter, sort: query.sort, limit: PAGE_ROWS, ...(pageParam === undefined ? {} : { after: pageParam }) },
        { signal },
      ),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (last: DeploymentRowPage) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    ...(isFirst ? { initialData: { pages: [first.part], pageParams: [FIRST_PAGE] } } : {}),
  });
  const counts = useQuery({
    queryKey: [FACETS, filter],
    queryFn: ({ signal }) => trpc.deployment.facets.query(filter, { signal }),
    placeholderData: keepPreviousData,
    ...(isFirst ? { initialData: first.facets } : {}),
  });

  const soon = useSpaced();
  useLive(ROWS, (news, readAgain) => {
    let isIncomplete = news.type === "list";
    const dependsOnState = query.sort !== "name" || isNarrowed(query);
    queryClient.setQueryData<Data>(rowsKey, (data) => {
      if (data === undefined) return data;
      const patched = patchRows(data.pages, news, { group: query.group, dependsOnState });
      isIncomplete ||= patched.isIncomplete;
      return { ...data, pages: patched.parts };
    });
    const pages = list.data?.pages.length ?? 1;
    if (isIncomplete) soon("rows", (pages - 1) * READ_AGAIN_MS_A_PAGE, readAgain);
    soon("facets", COUNT_AGAIN_MS, () => void queryClient.invalidateQueries({ queryKey: [FACETS] }));
  });

  const rows = useMemo(() => unique(list.data?.pages.flatMap(({ items }) => items) ?? []), [list.data]);
  return {
    rows,
    total: counts.data?.total ?? rows.length,
    facets: counts.data?.facets ?? null,
    /** Lines of another query are shown while those of this one are read. */
    isReading: list.isPlaceholderData,
    error: list.error,
    more: list.hasNextPage ? () => void list.fetchNextPage() : null,
    isReadingMore: list.isFetchingNextPage,
    readAgain: () => Promise.all([ROWS, FACETS].map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
    readSample,
  };
}

/** A line that moved to a later page between two reads stands once, where it was read first. */
function unique(rows: readonly DeploymentRow[]): DeploymentRow[] {
  return [...new Map(rows.map((row) => [row.uid, row])).values()];
}

/** Runs what is asked for soon, but each kind no more often than its space of time. */
function useSpaced(): (kind: string, spaceMs: number, work: () => void) => void {
  const waiting = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const ranAt = useRef(new Map<string, number>());
  useEffect(() => {
    const timers = waiting.current;
    return () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    };
  }, []);
  return (kind, spaceMs, work) => {
    if (waiting.current.has(kind)) return;
    const inMs = Math.max(0, (ranAt.current.get(kind) ?? 0) + spaceMs - Date.now());
    const run = () => {
      waiting.current.delete(kind);
      ranAt.current.set(kind, Date.now());
      work();
    };
    waiting.current.set(kind, setTimeout(run, inMs));
  };
}

/** A request to try a deployment with, as JSON. */
async function readSample({ name, group }: Pick<DeploymentRow, "name" | "group">): Promise<string> {
  return JSON.stringify(await trpc.sample.get.query({ name, group }));
}
