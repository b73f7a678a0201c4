import { type ExplainView, kindName, SlipwayError } from "@slipway/contracts";
import type { ResourceKey } from "@slipway/rpc/control/query";
import { saturatingSubtract } from "../placement/candidate.ts";
import { explainModel } from "../placement/explain.ts";
import { whyNotReady } from "../snapshot/replica-liveness.ts";
import type { Now, ServerResource, WorldResource } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";

/**
 * Why an object's replicas are where they are, or not: of a deployment's model, of a model, or of a server.
 * @throws resource/not_found
 */
export function explainResource(world: World, key: ResourceKey, now: Now): ExplainView {
  const { resource, ref } = findResource(world, key);
  switch (resource.kind) {
    case "Deployment": {
      const [model] = world.children(resource.uid);
      if (model !== undefined) return explainModel(world, model, ref, now);
      return { ref, summary: "Its model is being compiled.", neededBytes: 0, wanted: 0, placed: 0, servers: [] };
    }
    case "Model":
      return explainModel(world, resource, ref, now);
    case "Server":
      return explainServer(world, resource, ref);
    default:
      return resource satisfies never;
  }
}

/** The object that a request names. @throws resource/not_found */
export function findResource(
  world: World,
  { kind, group, name }: ResourceKey,
): { resource: WorldResource; ref: ExplainView["ref"] } {
  const known = kindName.safeParse(kind);
  const resource = known.success ? world.find(known.data, group, name) : undefined;
  if (resource === undefined) throw new SlipwayError("resource/not_found", { kind, name });
  return { resource, ref: { kind: resource.kind, group, name } };
}

function explainServer(world: World, server: ServerResource, ref: ExplainView["ref"]): ExplainView {
  const replicas = world.replicasOfServer(server.uid).map((replica) => {
    const problem = replica.draining ? "it is on its way out" : whyNotReady(replica);
    return {
      replica: replica.index,
      verdict: problem === null ? ("possible" as const) : ("rejected" as const),
      filter: problem === null ? null : replica.draining ? "draining" : "ready",
      reason: problem ?? "is ready",
      freeBytes: saturatingSubtract(replica.memoryBytes, world.placedBytes(server.uid, replica.index)),
    };
  });
  const ready = replicas.filter(({ verdict }) => verdict === "possible").length;
  const message = world.statuses.get(server.uid)?.message ?? "";
  return {
    ref,
    summary: message === "" ? `${ready} of ${server.spec.replicas} replicas are ready.` : message,
    neededBytes: 0,
    wanted: server.spec.replicas,
    placed: replicas.length,
    servers: [
      {
        server: server.name,
        verdict: ready > 0 ? "possible" : "rejected",
        filter: ready > 0 ? null : "ready",
        reason: ready > 0 ? "has ready replicas" : (replicas[0]?.reason ?? "has no replica"),
        replicas,
      },
    ],
  };
}
