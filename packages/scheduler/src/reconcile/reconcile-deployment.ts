import type { ResourceStatus } from "@slipway/contracts";
import type { DeploymentResource, ModelResource, Now } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";
import { isSameStatus } from "../status/conditions.ts";
import { deploymentStatus } from "../status/deployment-status.ts";
import { type Child, compileChildren } from "./compile-child.ts";
import type { RevisionResult } from "./model-plan.ts";

export type DeploymentPlan = {
  /** Models whose spec has to be written, because the deployment's generation is another one. */
  write: Child[];
  /** Models that the deployment no longer stands for. */
  remove: ModelResource[];
  /** What people should read; null when nothing changed. */
  status: ResourceStatus | null;
  results: RevisionResult[];
  /** Deleted, and so are its models: the row can go. */
  finished: boolean;
};

/**
 * Plans a deployment's compiled Models and what people read of it. A child is written only when the owner's generation is
 * another one than it was compiled from; `routed` = every live router has the present route.
 */
export function reconcileDeployment(
  world: World,
  deployment: DeploymentResource,
  routed: boolean,
  now: Now,
): DeploymentPlan {
  const present = world.children(deployment.uid);
  const children = deployment.deleting ? [] : compileChildren(deployment);
  const names = new Set(children.map(({ name }) => name));
  const before = world.statuses.get(deployment.uid);
  const facts = present.map(({ uid }) => world.facts.get(uid)).find((found) => found !== undefined);
  const status = deploymentStatus(deployment, facts, routed, before, now);
  return {
    write: children.filter(({ name }) =>
      isOutdated(
        present.find((model) => model.name === name),
        deployment,
      ),
    ),
    remove: present.filter((model) => !names.has(model.name) && !model.deleting),
    status: isSameStatus(before, status) ? null : status,
    results: stoppedResult(deployment, before, status),
    finished: deployment.deleting && present.length === 0,
  };
}

function isOutdated(model: ModelResource | undefined, owner: DeploymentResource): boolean {
  if (model === undefined) return true;
  return !model.deleting && model.ownerGeneration !== owner.generation;
}

/** A generation that asks for no replica has succeeded when nothing is left; its model's reconciler has no say in it. */
function stoppedResult(
  { uid, generation }: DeploymentResource,
  before: ResourceStatus | undefined,
  status: ResourceStatus,
): RevisionResult[] {
  const isEnd = status.lifecycle === "Stopped" || status.lifecycle === "ScaledToZero";
  if (!isEnd || (before?.lifecycle === status.lifecycle && before.observedGeneration === generation)) return [];
  return [{ uid, generation, result: "succeeded" }];
}
