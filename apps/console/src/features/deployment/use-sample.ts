import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../trpc/client.ts";
import type { DeploymentDetails } from "./deployment-details.ts";
import { DEPLOYMENT_KEY } from "./use-deployment.ts";

type Props = Pick<DeploymentDetails, "group" | "name" | "uid" | "hasSample">;

/** A request that the model accepts, as JSON; undefined until it is known, with the error where it cannot be. */
export function useSample({ group, name, uid, hasSample }: Props) {
  const { data: sample, error } = useQuery({
    queryKey: [DEPLOYMENT_KEY, uid, "sample"],
    queryFn: async ({ signal }) => JSON.stringify(await trpc.sample.get.query({ group, name }, { signal })),
    enabled: hasSample,
    retry: false,
  });
  return { sample, error };
}
