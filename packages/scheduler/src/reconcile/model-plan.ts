import type { ModelFacts, Placement, Problem, Rollout } from "../snapshot/types.ts";

/** Something for the object's events. */
export type PlannedEvent = { uid: string; reason: string; severity: "info" | "warning"; message: string };

/** How a revision ended. */
export type RevisionResult = { uid: string; generation: number; result: "succeeded" | "failed" };

export type ModelPlan = {
  /** Replicas that should begin to load a version. */
  load: Placement[];
  /** Placements whose memory, load parameters or last known address changed; nothing is loaded anew. */
  adjust: Placement[];
  /** Placements whose traffic must stop; they unload when every router has released them. */
  retire: Placement[];
  /** Placements that nobody sends requests to any more; the agent should let them go. */
  unload: Placement[];
  /** Placements that no replica holds any more; their memory is free. */
  drop: Placement[];
  /** Placements that failed on a replica which should be left in peace for a while. */
  failures: { placement: Placement; problem: Problem; untilMs: number }[];
  /** Where the update stands; null when that did not change. */
  rollout: Rollout | null;
  /** Digest that the version had when it was first loaded; null when it was known or still is not. */
  resolution: { version: string; sha256: string } | null;
  results: RevisionResult[];
  events: PlannedEvent[];
  /** What the statuses are made of. */
  facts: ModelFacts;
  /** When to look again without any new event, on the monotonic clock; null = never. */
  againMs: number | null;
  /** Deleted and held by no replica: the row can go. */
  finished: boolean;
};
