import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { followLive, type Live, type News } from "../../trpc/follow-live.ts";
import { applyNews } from "./apply-news.ts";
import { type DeploymentRow, deploymentRow } from "./deployment-row.ts";
import { type DeploymentsPart, PAGE_ROWS } from "./deployments-part.ts";

type Input = { group: string; search: string; first: { search: string; part: DeploymentsPart } };
type Data = { pages: DeploymentsPart[]; pageParams: (string | undefined)[] };

const KEY = "deployments";
const FIRST_PAGE: string | undefined = undefined;
const LIST_AGAIN_AFTER_MS = 150;

/** The deployments of a group that match a search, kept as they are now. The only place here that knows the API. */
export function useDeployments({ group, search, first }: Input) {
  const queryClient = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: [KEY, group, search],
    queryFn: ({ pageParam, signal }) =>
      trpc.resource.list.query(
        {
          kind: "deployments",
          group,
          limit: PAGE_ROWS,
          ...(search === "" ? {} : { search }),
          ...(pageParam === undefined ? {} : { after: pageParam }),
        },
        { signal },
      ),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (last: DeploymentsPart) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    ...(search === first.search ? { initialData: { pages: [first.part], pageParams: [FIRST_PAGE] } } : {}),
  });

  const live = useLive((news, listAgain) => {
    let isIncomplete = news.type === "list";
    queryClient.setQueryData<Data>([KEY, group, search], (data) => {
      if (data === undefined) return data;
      const patched = applyNews(data.pages, news, { group, search });
      isIncomplete ||= patched.isIncomplete;
      return { ...data, pages: patched.parts };
    });
    if (isIncomplete) listAgain();
  });

  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items.map(deploymentRow)) ?? [], [query.data]);
  return {
    rows,
    live,
    more: query.hasNextPage ? () => void query.fetchNextPage() : null,
    readSample,
  };
}

/** A request to try a deployment with, as JSON. */
async function readSample({ name, group }: DeploymentRow): Promise<string> {
  return JSON.stringify(await trpc.sample.get.query({ name, group }));
}

/** Follows the live feed for as long as the page is open; several reasons to list again within a moment are one. */
function useLive(onNews: (news: News, listAgain: () => void) => void): Live {
  const queryClient = useQueryClient();
  const [live, setLive] = useState<Live>({ state: "connecting" });
  const hear = useEffectEvent(onNews);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLive = false;
    const listAgain = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queryClient.invalidateQueries({ queryKey: [KEY] });
      }, LIST_AGAIN_AFTER_MS);
    };
    const stop = followLive(trpc, (event) => {
      if (event.type === "news") return hear(event.news, listAgain);
      setLive(event.live);
      // Whatever changed before this page was connected was told to nobody here.
      if (event.live.state === "live" && !isLive) listAgain();
      isLive = event.live.state === "live";
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [queryClient]);
  return live;
}
