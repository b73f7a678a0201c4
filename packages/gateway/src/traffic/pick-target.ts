import type { CompiledRoute, CompiledTarget } from "../routes/compile-route.ts";
import type { Upstream } from "./upstream.ts";

export type Pick =
  | { kind: "target"; target: CompiledTarget }
  /** Every replica that could be asked has as many requests in flight as the route allows. */
  | { kind: "busy" }
  /** No replica is left to ask. */
  | { kind: "none" };

const BUSY: Pick = { kind: "busy" };
const NONE: Pick = { kind: "none" };

/**
 * Chooses the replica with the least in flight, never one that was tried already, that is down, or that is at the
 * route's limit. `start` rotates where the search begins, so that equals take turns.
 */
export function pickTarget(
  route: CompiledRoute,
  options: { tried: readonly Upstream[]; nowMs: number; start: number; version: string | null },
): Pick {
  const { targets } = route;
  let best: CompiledTarget | null = null;
  let isBusy = false;
  for (let step = 0; step < targets.length; step += 1) {
    const target = targets[(options.start + step) % targets.length];
    if (target === undefined || target.upstream.isDown(options.nowMs)) continue;
    if (options.version !== null && target.version !== options.version) continue;
    if (options.tried.length > 0 && options.tried.includes(target.upstream)) continue;
    if (target.account.inFlight >= route.inFlightPerReplica) isBusy = true;
    else if (best === null || target.account.inFlight < best.account.inFlight) best = target;
  }
  if (best !== null) return { kind: "target", target: best };
  return isBusy ? BUSY : NONE;
}
