import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { trpc } from "../../trpc/client.ts";
import { useLive } from "../../trpc/use-live.ts";
import { applyNews } from "./apply-news.ts";
import { type DeploymentRow, deploymentRow } from "./deployment-row.ts";
import { type DeploymentsPart, PAGE_ROWS } from "./deployments-part.ts";

type Input = { group: string; search: string; first: { search: string; part: DeploymentsPart } };
type Data = { pages: DeploymentsPart[]; pageParams: (string | undefined)[] };

const KEY = "deployments";
const FIRST_PAGE: string | undefined = undefined;

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

  useLive(KEY, (news, readAgain) => {
    let isIncomplete = news.type === "list";
    queryClient.setQueryData<Data>([KEY, group, search], (data) => {
      if (data === undefined) return data;
      const patched = applyNews(data.pages, news, { group, search });
      isIncomplete ||= patched.isIncomplete;
      return { ...data, pages: patched.parts };
    });
    if (isIncomplete) readAgain();
  });

  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items.map(deploymentRow)) ?? [], [query.data]);
  return {
    rows,
    more: query.hasNextPage ? () => void query.fetchNextPage() : null,
    readSample,
  };
}

/** A request to try a deployment with, as JSON. */
async function readSample({ name, group }: DeploymentRow): Promise<string> {
  return JSON.stringify(await trpc.sample.get.query({ name, group }));
}
