import { DEFAULT_MODEL_MEMORY, memoryBytes } from "@slipway/contracts";
import { modelVersion } from "../snapshot/model-version.ts";
import type { ModelResource, Now, Replica, ServerResource } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";
import type { Verdict } from "./verdict.ts";

/** A model version that wants replicas, as filters and scorers see it. */
export type Candidate = {
  modelUid: string;
  group: string;
  version: string;
  memoryBytes: number;
  /** What a replica must be able to load. */
  capability: string;
  /** The only server that it may be placed on; null = any. */
  server: string | null;
};

export type ServerFilter = {
  name: string;
  check(candidate: Candidate, server: ServerResource, world: World): Verdict;
};

export type ReplicaFilter = {
  name: string;
  check(candidate: Candidate, replica: ReplicaView, world: World, now: Now): Verdict;
};

/** A replica with what placement asks of it. */
export type ReplicaView = {
  replica: Replica;
  server: ServerResource;
  /** `onnx-0`, as people read it. */
  label: string;
  /** Memory that nothing is placed on, never below 0; in bytes. */
  freeBytes: number;
  /** The candidate's version is wanted here already. */
  holdsVersion: boolean;
  /** Any version of the candidate's model is here. */
  holdsModel: boolean;
};

export type Scorer = {
  name: string;
  /** Higher is better; only the sign of differences matters. */
  score(candidate: Candidate, view: ReplicaView): number;
};

/** The candidate that a Model resource is. */
export function candidateOf(model: ModelResource): Candidate {
  return {
    modelUid: model.uid,
    group: model.group,
    version: modelVersion(model.spec),
    memoryBytes: memoryBytes(model.spec.memory ?? DEFAULT_MODEL_MEMORY),
    capability: model.spec.format,
    server: model.spec.server ?? null,
  };
}

/** a - b, never below zero: what is promised may exceed what is there. */
export function saturatingSubtract(a: number, b: number): number {
  return Math.max(0, a - b);
}

export function viewReplica(world: World, candidate: Candidate, server: ServerResource, replica: Replica): ReplicaView {
  let holdsVersion = false;
  let holdsModel = false;
  for (const placement of world.placementsOfModel(candidate.modelUid)) {
    if (placement.serverUid !== server.uid || placement.replica !== replica.index) continue;
    holdsModel = true;
    if (placement.version === candidate.version && placement.state === "wanted") holdsVersion = true;
  }
  return {
    replica,
    server,
    label: `${server.name}-${replica.index}`,
    freeBytes: saturatingSubtract(replica.memoryBytes, world.placedBytes(server.uid, replica.index)),
    holdsVersion,
    holdsModel,
  };
}
