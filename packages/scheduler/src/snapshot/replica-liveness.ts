import { replicaKey } from "./keys.ts";
import type { Addresses, Now, Placement, Replica } from "./types.ts";
import type { World } from "./world.ts";

/** How long a replica that nobody hears of keeps its placements and routes. */
export const REPLICA_EXPIRY_MS = 30_000;

/** Whether nothing was heard of a replica for so long that its placements are free. */
export function isExpired(replica: Replica, now: Now): boolean {
  return !replica.connected && now.monotonicMs - replica.heardMs >= REPLICA_EXPIRY_MS;
}

/** Why a replica takes no new model at the moment; null when it does. */
export function whyNotReady(replica: Replica): string | null {
  if (!replica.connected) return "its agent is not connected";
  if (replica.modelServer === null) return "its model server has not reported";
  if (!replica.modelServer.ready) return replica.modelServer.reason || "its model server is not ready";
  return null;
}

/**
 * Where a placement answers requests; null when it does not. An agent that went away takes nothing with it: what it said
 * last counts until a report, its driver or expiry says otherwise, and so does what a former leader knew.
 */
export function addressesOf(world: World, placement: Placement, now: Now): Addresses | null {
  const replica = world.replicas.get(replicaKey(placement.serverUid, placement.replica));
  if (replica === undefined || isExpired(replica, now)) return null;
  if (!replica.seen) return placement.serving;
  if (replica.modelServer?.ready !== true) return null;
  return world.reportOf(placement)?.state === "ready" ? replica.modelServer.addresses : null;
}
