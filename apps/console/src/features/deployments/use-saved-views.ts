import type { SavedView } from "@slipway/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { trpc } from "../../trpc/client.ts";

const KEY = ["saved-views", "deployments"];

/** The views of this page. */
export function useSavedViews(first: readonly SavedView[]) {
  const queryClient = useQueryClient();
  const { data: views } = useQuery({
    queryKey: KEY,
    queryFn: async () => (await trpc.savedView.list.query({ page: "deployments" })).items,
    initialData: [...first],
  });
  const readAgain = () => queryClient.invalidateQueries({ queryKey: KEY });
  return {
    views,
    async keep(name: string, query: string) {
      await trpc.savedView.keep.mutate({ page: "deployments", name, query });
      await readAgain();
    },
    async drop({ id }: SavedView) {
      if (id !== null) await trpc.savedView.drop.mutate({ id });
      await readAgain();
    },
  };
}
