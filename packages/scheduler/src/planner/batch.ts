import type { ResourceStatus } from "@slipway/contracts";
import type { Child } from "../reconcile/compile-child.ts";
import type { PlannedEvent, RevisionResult } from "../reconcile/model-plan.ts";
import type {
  DeploymentResource,
  ModelResource,
  Placement,
  PlacementKey,
  Rollout,
  ServerResource,
  WorldResource,
} from "../snapshot/types.ts";

export type ChildWrite = { owner: DeploymentResource; child: Child };
export type Resolution = { model: ModelResource; version: string; sha256: string };
export type FleetStep = { server: ServerResource; index: number };

/** What one step of the planner asks for: to be stored in one transaction, then told to agents, routers and the fleet. */
export type Batch = {
  placements: Map<string, Placement>;
  removedPlacements: Map<string, PlacementKey>;
  rollouts: Map<string, Rollout>;
  resolutions: Resolution[];
  statuses: Map<string, ResourceStatus>;
  results: RevisionResult[];
  events: PlannedEvent[];
  writeChildren: ChildWrite[];
  removeChildren: ModelResource[];
  /** Resources whose rows can go. */
  finished: WorldResource[];
  startReplicas: FleetStep[];
  stopReplicas: FleetStep[];
  /** Deployments whose route may be another one now. */
  routes: Set<string>;
  /** Model versions whose place in a replica's assignment may be another one now, by replica. */
  assignments: Map<string, Set<string>>;
};

export function emptyBatch(): Batch {
  return {
    placements: new Map(),
    removedPlacements: new Map(),
    rollouts: new Map(),
    resolutions: [],
    statuses: new Map(),
    results: [],
    events: [],
    writeChildren: [],
    removeChildren: [],
    finished: [],
    startReplicas: [],
    stopReplicas: [],
    routes: new Set(),
    assignments: new Map(),
  };
}

/** Whether the database has to hear of a batch. */
export function hasWrites(batch: Batch): boolean {
  const { placements, removedPlacements, rollouts, statuses, resolutions, results, events } = batch;
  const { writeChildren, removeChildren, finished } = batch;
  const lists = [resolutions, results, events, writeChildren, removeChildren, finished];
  const maps = [placements, removedPlacements, rollouts, statuses];
  return lists.some(({ length }) => length > 0) || maps.some(({ size }) => size > 0);
}
