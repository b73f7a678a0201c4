import { type Route, type RouteToken, type Target, Visibility } from "@slipway/rpc/control/router";
import type { RouteRecord } from "../record/call-records.ts";
import type { Upstream, Upstreams } from "../traffic/upstream.ts";
import type { TargetAccount, TargetLedger } from "./target-ledger.ts";

/** What a route that leaves a limit open gets. */
export const ROUTE_DEFAULTS = { timeoutMs: 30_000, bodySizeBytes: 20 * 1024 * 1024, inFlightPerReplica: 64 } as const;

/** A target with all that a request needs worked out. */
export type CompiledTarget = {
  readonly account: TargetAccount;
  readonly upstream: Upstream;
  readonly modelUid: string;
  readonly version: string;
  /** `/v2/models/<uid>/versions/<version>` on the model server. */
  readonly modelPath: string;
  readonly inferPath: string;
};

/** A route with all that a request needs worked out; never changes. */
export type CompiledRoute = {
  readonly key: string;
  readonly deployment: string;
  readonly running: boolean;
  readonly isPublic: boolean;
  readonly timeoutMs: number;
  readonly bodySizeBytes: number;
  readonly inFlightPerReplica: number;
  readonly targets: readonly CompiledTarget[];
  /** By the hexadecimal HMAC of the token. */
  readonly tokens: ReadonlyMap<string, RouteToken>;
  /** The path of the one operation that nearly all requests ask for, relative to the deployment's base. */
  readonly inferPath: string;
  readonly record: RouteRecord;
  /** The route as it was sent; equal bytes are the same route. */
  readonly bytes: Uint8Array;
};

export type CompileDeps = {
  ledger: TargetLedger;
  upstreams: Upstreams;
  recordOf: (route: Route) => RouteRecord;
};

/** Works a route out and takes hold of its targets; `releaseRoute` lets them go. */
export function compileRoute(route: Route, bytes: Uint8Array, deps: CompileDeps): CompiledRoute {
  return {
    key: route.key,
    deployment: route.deployment,
    running: route.running,
    isPublic: route.visibility === Visibility.PUBLIC,
    timeoutMs: Number(route.timeoutMs) || ROUTE_DEFAULTS.timeoutMs,
    bodySizeBytes: Number(route.bodySizeBytes) || ROUTE_DEFAULTS.bodySizeBytes,
    inFlightPerReplica: route.inFlightPerReplica || ROUTE_DEFAULTS.inFlightPerReplica,
    targets: route.targets.flatMap((target) => compileTarget(target, deps) ?? []),
    tokens: new Map(route.tokens.map((token) => [Buffer.from(token.hmac).toString("hex"), token])),
    inferPath: `/v2/models/${route.deployment}/infer`,
    record: deps.recordOf(route),
    bytes,
  };
}

/** Lets go of what a compiled route held. Requests that it has in flight end undisturbed. */
export function releaseRoute(route: CompiledRoute, deps: CompileDeps): void {
  for (const { account, upstream } of route.targets) {
    deps.ledger.drop(account);
    deps.upstreams.drop(upstream);
  }
}

/** Null for a target that has no address to send to; it takes no requests until the table gives it one. */
function compileTarget(target: Target, { ledger, upstreams }: CompileDeps): CompiledTarget | null {
  const upstream = upstreams.hold(target.httpAddress);
  if (upstream === null || target.model === undefined) return null;
  const modelPath = `/v2/models/${encodeURIComponent(target.model.modelUid)}/versions/${encodeURIComponent(target.model.version)}`;
  return {
    account: ledger.hold(target),
    upstream,
    modelUid: target.model.modelUid,
    version: target.model.version,
    modelPath,
    inferPath: `${modelPath}/infer`,
  };
}
