import type { GroupView } from "@slipway/contracts";
import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../trpc/client.ts";

const NONE: readonly GroupView[] = [];

/** The groups that have something, none until the API has answered; `readAgain` looks whether there are others now. */
export function useGroups(): { groups: readonly GroupView[]; readAgain: () => void } {
  const { data, refetch } = useQuery({
    queryKey: ["groups"],
    queryFn: ({ signal }) => trpc.group.list.query(undefined, { signal }),
  });
  return { groups: data?.items ?? NONE, readAgain: () => void refetch() };
}
