import type { ResourceView } from "@slipway/contracts";
import { type ObjectAnswer, readObject } from "../frame/read-api.ts";
import type { DeploymentKey } from "./deployment-path.ts";

/** The deployment for the first frame. */
export function readDeployment({ group, name }: DeploymentKey): Promise<ObjectAnswer<ResourceView>> {
  return readObject<ResourceView>(`/deployments/${encodeURIComponent(name)}`, { group });
}
