import type { Lifecycle, ResourceStatus } from "@slipway/contracts";
import type { DeploymentResource, ModelFacts, Now } from "../snapshot/types.ts";
import { withTransitions } from "./conditions.ts";
import {
  batchingOf,
  healthOf,
  modelConditions,
  modelLifecycle,
  sampleOf,
  signatureOf,
  trafficOf,
  troubleOf,
} from "./model-status.ts";
import { progressOf } from "./progress.ts";

/**
 * The status of a deployment, from what its model's reconciler found; `routed` = every live router has its present
 * route. It is Live only when a request would be answered, so once routed it needs no look at routers again.
 */
export function deploymentStatus(
  deployment: DeploymentResource,
  facts: ModelFacts | undefined,
  routed: boolean,
  before: ResourceStatus | undefined,
  now: Now,
): ResourceStatus {
  const current = facts?.attempt === deployment.generation ? facts : undefined;
  const isRouted = routed || wasRouted(before, deployment);
  // Until routers take up the new route they use the one that they have, and its targets stay for as long.
  const isServed = isRouted || (before !== undefined && before.traffic !== "None");
  const wanted = deployment.spec.running ? deployment.spec.scaling.replicas : 0;
  const trouble = facts === undefined ? null : troubleOf(facts);
  return {
    observedGeneration: deployment.generation,
    lifecycle: lifecycleOf(deployment, facts, current, { isRouted, isServed }),
    health: facts === undefined ? "Unknown" : healthOf(facts),
    traffic:
      facts === undefined || (!isServed && facts.servingGeneration === facts.attempt) ? "None" : trafficOf(facts),
    reason: trouble?.code ?? null,
    message:
      trouble?.text ?? (current !== undefined && isWaitingForRouters(current, isRouted) ? WAITING_FOR_ROUTERS : ""),
    replicas: { ready: facts?.ready ?? 0, starting: facts?.starting ?? 0, wanted },
    conditions:
      facts === undefined ? [] : [...modelConditions(facts, before, now), ...routedCondition(isRouted, before, now)],
    progress: wanted === 0 ? [] : progressOf(current, isRouted, before, deployment.generation, now),
    servingGeneration: facts?.servingGeneration ?? null,
    signature: (facts === undefined ? null : signatureOf(facts)) ?? before?.signature ?? null,
    sample: (facts === undefined ? null : sampleOf(facts)) ?? before?.sample ?? null,
    batching: (facts === undefined ? null : batchingOf(facts)) ?? before?.batching ?? null,
    memory: null,
  };
}

const WAITING_FOR_ROUTERS = "It is loaded; a gateway has yet to take up its route.";

function isWaitingForRouters(facts: ModelFacts, isRouted: boolean): boolean {
  return facts.promoted && !isRouted;
}

function wasRouted(before: ResourceStatus | undefined, deployment: DeploymentResource): boolean {
  if (before?.observedGeneration !== deployment.generation) return false;
  return before.progress.some(({ name, state }) => name === "routed" && state === "done");
}

function lifecycleOf(
  deployment: DeploymentResource,
  facts: ModelFacts | undefined,
  current: ModelFacts | undefined,
  { isRouted, isServed }: { isRouted: boolean; isServed: boolean },
): Lifecycle {
  if (deployment.deleting) return "Deleting";
  if (facts === undefined) return "Pending";
  if (current === undefined) return facts.ready > 0 ? "Updating" : "Pending";
  const lifecycle = modelLifecycle(current);
  if (lifecycle === "ScaledToZero" && !deployment.spec.running) return "Stopped";
  if (lifecycle === "Live" && current.failed === null && !isRouted) return isServed ? "Updating" : "Deploying";
  return lifecycle;
}

function routedCondition(isRouted: boolean, before: ResourceStatus | undefined, now: Now) {
  return withTransitions(
    before,
    [{ type: "Routed", isTrue: isRouted, reason: isRouted ? "Routed" : "OnItsWay", message: "" }],
    now,
  );
}
