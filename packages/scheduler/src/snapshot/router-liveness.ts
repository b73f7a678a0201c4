import { durationMs } from "@slipway/contracts";
import { placementKey } from "./keys.ts";
import { addressesOf } from "./replica-liveness.ts";
import type { Now, Placement, Router } from "./types.ts";
import type { World } from "./world.ts";

/** A router that has not said for this long which table it applied counts no more; it fails its own readiness then. */
export const ROUTER_LEASE_MS = 10_000;
/** Beyond the longest request: what a router needs to notice that one is over. */
const DRAIN_MARGIN_MS = 2_000;
const DEFAULT_DRAIN_MS = 30_000;

export function hasLease(router: Router, now: Now): boolean {
  return now.monotonicMs - router.appliedMs <= ROUTER_LEASE_MS;
}

export function liveRouters(world: World, now: Now): Router[] {
  return [...world.routers.values()].filter((router) => hasLease(router, now));
}

/**
 * Whether no router uses a retired target any more: every router with a lease said so, or has routed without it for
 * longer than a request may take. A target that never answered was in no table, and neither was one that was retired before
 * its first table went out: nobody says that it let go of what it was never told.
 */
export function isReleased(world: World, placement: Placement, now: Now): boolean {
  if (placement.serving === null) return true;
  const key = placementKey(placement);
  if (world.untold.has(key)) return true;
  const retirement = world.retirements.get(key);
  if (retirement === undefined || now.monotonicMs < world.routersUnknownUntilMs) return false;
  const drained = now.monotonicMs - retirement.atMs >= drainMs(world, placement);
  return liveRouters(world, now).every(
    (router) => router.released.has(key) || (drained && router.appliedVersion >= retirement.tableVersion),
  );
}

/** Whether the placement is a target of its deployment's route, so that requests may be under way there. */
export function isTarget(world: World, placement: Placement, now: Now): boolean {
  return placement.state === "wanted" && addressesOf(world, placement, now) !== null;
}

/** A table goes out with these models' targets: routers know them from now on, and what is a target (again) is released by nobody. */
export function noteTold(world: World, modelUids: Iterable<string>, now: Now): void {
  for (const uid of modelUids) {
    for (const placement of world.placementsOfModel(uid)) {
      if (!isTarget(world, placement, now)) continue;
      const key = placementKey(placement);
      world.untold.delete(key);
      for (const router of world.routers.values()) router.released.delete(key);
    }
  }
}

/** When `isReleased` can change without anybody reporting; monotonic milliseconds. */
export function releaseDeadline(world: World, placement: Placement, now: Now): number {
  const retirement = world.retirements.get(placementKey(placement));
  const drained = (retirement?.atMs ?? now.monotonicMs) + drainMs(world, placement);
  const leases = liveRouters(world, now).map(({ appliedMs }) => appliedMs + ROUTER_LEASE_MS + 1);
  return Math.max(world.routersUnknownUntilMs, Math.min(drained, ...leases, now.monotonicMs + ROUTER_LEASE_MS));
}

function drainMs(world: World, placement: Placement): number {
  const owner = world.deployments.get(world.models.get(placement.modelUid)?.ownerUid ?? "");
  return (owner === undefined ? DEFAULT_DRAIN_MS : durationMs(owner.spec.limits.timeout)) + DRAIN_MARGIN_MS;
}
