import type { ResourceView } from "@slipway/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import { useLive } from "../../trpc/use-live.ts";
import { newer } from "../deployments/apply-news.ts";

/** Every query of this page begins with it, so that all are read again together. */
export const DEPLOYMENT_KEY = "deployment";

/** A deployment kept as it is now, and whether it is gone. `take` puts in what a change of one's own answered. */
export function useDeployment(first: ResourceView) {
  const { uid, group, name } = first.metadata;
  const queryClient = useQueryClient();
  const [isGone, setGone] = useState(false);
  const key = [DEPLOYMENT_KEY, uid];
  const take = (resource: ResourceView) =>
    queryClient.setQueryData<ResourceView>(key, (held) => newer(held ?? first, resource));
  const { data } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const read = await trpc.resource.get.query({ kind: "deployments", group, name }, { signal }).catch(nullIfAbsent);
      if (read?.metadata.uid === uid) return read;
      // Deleted, perhaps with another one of its name in its place by now.
      setGone(true);
      return queryClient.getQueryData<ResourceView>(key) ?? first;
    },
    initialData: first,
  });
  useLive(DEPLOYMENT_KEY, (news, readAgain) => {
    if (news.type === "list") return readAgain();
    if (news.removed.includes(uid)) return setGone(true);
    const resource = news.resources.find(({ metadata }) => metadata.uid === uid);
    if (resource === undefined) return;
    take(resource);
    // Its history and events go with it, and the feed does not carry them.
    readAgain();
  });
  return { resource: data, isGone, take };
}

function nullIfAbsent(error: unknown): null {
  if (failureOf(error).code === "resource/not_found") return null;
  throw error;
}
