import { create } from "@bufbuild/protobuf";
import { durationMs, memoryBytes, type TokenMethod as StoredMethod, tokenMethod } from "@slipway/contracts";
import {
  type Route,
  RouteSchema,
  type Target,
  TargetSchema,
  TokenMethod,
  Visibility,
} from "@slipway/rpc/control/router";
import { addressesOf } from "../snapshot/replica-liveness.ts";
import type { DeploymentResource, Now, Placement } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";

export const routeKey = ({ group, name }: { group: string; name: string }): string => `${group}/${name}`;

/** The route of a deployment: a pure function of the snapshot; null when it should have none. */
export function compileRoute(world: World, deployment: DeploymentResource, now: Now): Route | null {
  if (deployment.deleting) return null;
  const { spec } = deployment;
  return create(RouteSchema, {
    key: routeKey(deployment),
    group: deployment.group,
    deployment: deployment.name,
    deploymentUid: deployment.uid,
    running: spec.running,
    visibility: spec.access.visibility === "public" ? Visibility.PUBLIC : Visibility.PRIVATE,
    timeoutMs: BigInt(durationMs(spec.limits.timeout)),
    bodySizeBytes: BigInt(memoryBytes(spec.limits.bodySize)),
    inFlightPerReplica: spec.limits.inFlightPerReplica,
    targets: spec.running ? targetsOf(world, deployment, now) : [],
    tokens: [...(world.tokens.get(deployment.uid) ?? [])]
      .sort((a, b) => Buffer.compare(a.hmac, b.hmac))
      .map(({ client, hmac, expiresAtMs, revokedAtMs, replacedAtMs, methods }) => ({
        client,
        hmac,
        expiresAtMs: BigInt(expiresAtMs),
        revokedAtMs: BigInt(revokedAtMs),
        replacedAtMs: BigInt(replacedAtMs),
        methods: methods.map(routeMethod),
      })),
  });
}

const ROUTE_METHODS = {
  infer: TokenMethod.INFER,
  metadata: TokenMethod.METADATA,
} as const satisfies Record<StoredMethod, TokenMethod>;

/** What a stored word of a scope means to routers. One that this version does not know admits nothing. */
function routeMethod(method: string): TokenMethod {
  const known = tokenMethod.safeParse(method);
  return known.success ? ROUTE_METHODS[known.data] : TokenMethod.UNSPECIFIED;
}

function targetsOf(world: World, deployment: DeploymentResource, now: Now): Target[] {
  return world
    .children(deployment.uid)
    .flatMap(({ uid }) => world.placementsOfModel(uid))
    .flatMap((placement) => targetOf(world, placement, now) ?? []);
}

function targetOf(world: World, placement: Placement, now: Now): Target | null {
  const server = world.servers.get(placement.serverUid);
  const addresses = placement.state === "wanted" ? addressesOf(world, placement, now) : null;
  if (server === undefined || addresses === null) return null;
  return create(TargetSchema, {
    model: { modelUid: placement.modelUid, version: placement.version },
    replica: { group: server.group, server: server.name, replica: placement.replica },
    httpAddress: addresses.http,
    grpcAddress: addresses.grpc,
  });
}
