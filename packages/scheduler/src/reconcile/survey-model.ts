import { durationMs } from "@slipway/contracts";
import { type Candidate, candidateOf } from "../placement/candidate.ts";
import { namedServer } from "../placement/filters/named-server.ts";
import { tenancy } from "../placement/filters/tenancy.ts";
import { placementKey, replicaKey } from "../snapshot/keys.ts";
import { saidBatching } from "../snapshot/model-version.ts";
import { addressesOf, isExpired, REPLICA_EXPIRY_MS } from "../snapshot/replica-liveness.ts";
import { isReleased, releaseDeadline } from "../snapshot/router-liveness.ts";
import type { Load, ModelResource, Now, Placement, Replica, Rollout } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";

/** How long a version that has served stays away from a replica where it failed. */
export const RETRY_AFTER_FAILURE_MS = 60_000;

export const emptyRollout = (uid: string): Rollout => ({
  uid,
  stableGeneration: null,
  stableVersion: null,
  stableLoad: null,
  targetGeneration: null,
  targetVersion: null,
  failedGeneration: null,
  failure: null,
});

/** The generation that people know: that of the owner, where there is one. */
export function attemptOf(model: ModelResource): number {
  return model.ownerGeneration ?? model.generation;
}

/** What to run, and how to load it. */
export type Desired = { candidate: Candidate; load: Load; wanted: number; generation: number };

/** What the spec asks for. */
export function desiredOf(world: World, model: ModelResource): Desired {
  const candidate = candidateOf(model);
  const batching = saidBatching(model.spec);
  return {
    candidate,
    wanted: model.deleting ? 0 : model.spec.replicas,
    generation: model.generation,
    load: {
      uri: model.spec.storageUri,
      format: model.spec.format,
      sha256: model.spec.sha256 ?? world.resolutions.get(`${model.uid}/${candidate.version}`) ?? "",
      startTimeoutMs: durationMs(model.spec.startTimeout),
      displayName: `${model.group}/${model.name}`,
      ...(batching === null ? {} : { batching }),
    },
  };
}

/** What to run while an update has failed: the version that served before it; null when there is none. */
export function stableOf(model: ModelResource, rollout: Rollout): Desired | null {
  if (rollout.stableVersion === null || rollout.stableLoad === null) return null;
  const { memoryBytes: stableBytes, ...load } = rollout.stableLoad;
  const candidate = candidateOf(model);
  return {
    candidate: { ...candidate, version: rollout.stableVersion, memoryBytes: stableBytes, capability: load.format },
    load,
    wanted: model.deleting ? 0 : model.spec.replicas,
    generation: model.generation,
  };
}

export type Survey = {
  /** Wanted placements on replicas that exist. */
  wanted: Placement[];
  /** Leaving placements that stay as they are for now. */
  leaving: Placement[];
  unload: Placement[];
  drop: Placement[];
  againMs: number | null;
};

/** Sorts what is placed by what the world says of it: gone, let go, released, or still there. */
export function surveyPlacements(world: World, modelUid: string, now: Now): Survey {
  const survey: Survey = { wanted: [], leaving: [], unload: [], drop: [], againMs: null };
  const again = (atMs: number) => {
    survey.againMs = Math.min(survey.againMs ?? atMs, atMs);
  };
  for (const placement of world.placementsOfModel(modelUid)) {
    const replica = world.replicas.get(replicaKey(placement.serverUid, placement.replica));
    if (replica === undefined || !world.servers.has(placement.serverUid) || isExpired(replica, now)) {
      survey.drop.push(placement);
      continue;
    }
    if (!replica.connected) again(replica.heardMs + REPLICA_EXPIRY_MS);
    switch (placement.state) {
      case "wanted":
        survey.wanted.push(placement);
        break;
      case "retiring":
        if (isReleased(world, placement, now)) survey.unload.push(placement);
        else {
          survey.leaving.push(placement);
          again(releaseDeadline(world, placement, now));
        }
        break;
      case "unloading":
        if (isUnloaded(replica, placement)) survey.drop.push(placement);
        else survey.leaving.push(placement);
        break;
      default:
        placement.state satisfies never;
    }
  }
  return survey;
}

/** The agent has read an assignment without it, and holds it no more. */
function isUnloaded(replica: Replica, placement: Placement): boolean {
  const key = `${placement.modelUid}/${placement.version}`;
  const since = replica.unassigned.get(key);
  return replica.connected && since !== undefined && replica.readVersion >= since && !replica.models.has(key);
}

/** Whether a wanted placement is just what should be there, apart from what can be adjusted in place. */
export function isGood(world: World, placement: Placement, { candidate }: Desired): boolean {
  if (placement.version !== candidate.version) return false;
  const server = world.servers.get(placement.serverUid);
  const replica = world.replicas.get(replicaKey(placement.serverUid, placement.replica));
  if (server === undefined || replica === undefined || replica.draining || isServerGoing(world, placement))
    return false;
  if (!tenancy.check(candidate, server, world).pass || !namedServer.check(candidate, server, world).pass) return false;
  const grows = candidate.memoryBytes - placement.memoryBytes;
  const placed = world.placedBytes(placement.serverUid, placement.replica);
  return grows <= 0 || !replica.seen || placed + grows <= replica.memoryBytes;
}

/** Its server is deleted or scaled to nothing, so that there is nothing to wait for. */
export function isServerGoing(world: World, placement: Placement): boolean {
  const server = world.servers.get(placement.serverUid);
  return server === undefined || server.deleting || server.spec.replicas === 0;
}

/** A placement as it should be: new, or the same with what can change without a load. */
export function adjusted(world: World, placement: Placement, desired: Desired, now: Now): Placement {
  const replica = world.replicas.get(replicaKey(placement.serverUid, placement.replica));
  const addresses = replica?.seen === true ? addressesOf(world, placement, now) : null;
  return {
    ...placement,
    generation: desired.generation,
    // What an unseen replica has room for is not known, so a growth waits for its agent.
    memoryBytes: replica?.seen === true ? desired.candidate.memoryBytes : placement.memoryBytes,
    load: { ...placement.load, startTimeoutMs: desired.load.startTimeoutMs, displayName: desired.load.displayName },
    serving: addresses ?? placement.serving,
  };
}

export function isSame(a: Placement, b: Placement): boolean {
  return (
    a.generation === b.generation &&
    a.memoryBytes === b.memoryBytes &&
    a.load.startTimeoutMs === b.load.startTimeoutMs &&
    a.load.displayName === b.load.displayName &&
    a.serving?.http === b.serving?.http &&
    a.serving?.grpc === b.serving?.grpc
  );
}

/** Not ready first, then from the highest index down: the order in which replicas that are too many go. */
export function bySpare(world: World, now: Now): (a: Placement, b: Placement) => number {
  const rank = (placement: Placement) => (addressesOf(world, placement, now) === null ? 1 : 0);
  return (a, b) => rank(b) - rank(a) || b.replica - a.replica || (placementKey(a) < placementKey(b) ? 1 : -1);
}
