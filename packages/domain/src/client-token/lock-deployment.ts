import { type ResourceRef, SlipwayError } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import { findResources, type ResourceRow } from "../resource/resource-row.ts";

export type DeploymentRef = { group: string; deployment: string };

export function deploymentRef({ group, deployment }: DeploymentRef): ResourceRef {
  return { group, kind: "Deployment", name: deployment };
}

/** Holds a deployment until the transaction ends, so that its tokens change one after the other. @throws resource/not_found */
export async function lockDeployment(tx: Tx, ref: DeploymentRef): Promise<ResourceRow> {
  const [row] = await findResources(tx, [deploymentRef(ref)], { lock: true });
  if (row === undefined || row.deletedAt !== null) {
    throw new SlipwayError("resource/not_found", { kind: "Deployment", name: ref.deployment });
  }
  return row;
}
