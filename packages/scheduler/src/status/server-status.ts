import type { Health, Lifecycle, ResourceStatus } from "@slipway/contracts";
import { problem } from "../placement/verdict.ts";
import { whyNotReady } from "../snapshot/replica-liveness.ts";
import type { Now, Problem, Replica, ServerResource } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";
import { withTransitions } from "./conditions.ts";

/** The status of a server, from what is known of its replicas. */
export function serverStatus(
  world: World,
  server: ServerResource,
  before: ResourceStatus | undefined,
  now: Now,
): ResourceStatus {
  const replicas = world.replicasOfServer(server.uid);
  const staying = replicas.filter(({ draining }) => !draining);
  const ready = staying.filter((replica) => whyNotReady(replica) === null);
  const wanted = server.deleting ? 0 : server.spec.replicas;
  const trouble = troubleOf(world, server, staying, { ready: ready.length, wanted });
  const isUnheard = staying.every(({ seen }) => !seen);
  const health: Health = trouble === null ? "Healthy" : isUnheard && ready.length === 0 ? "Unknown" : "Degraded";
  return {
    observedGeneration: server.generation,
    lifecycle: lifecycleOf(server, { ready: ready.length, wanted, present: replicas.length }),
    health,
    traffic: ready.length === 0 ? "None" : ready.length < wanted ? "Partial" : "Serving",
    reason: trouble?.code ?? null,
    message: trouble?.text ?? "",
    replicas: { ready: ready.length, starting: staying.length - ready.length, wanted },
    conditions: withTransitions(
      before,
      [
        {
          type: "Ready",
          isTrue: ready.length >= wanted,
          reason: trouble?.code ?? "AllReady",
          message: trouble?.text ?? "",
        },
      ],
      now,
    ),
    progress: [],
    servingGeneration: null,
    signature: null,
    batching: null,
    sample: null,
    memory: {
      capacityBytes: sum(replicas, ({ memoryBytes }) => memoryBytes),
      usedBytes: sum(replicas, ({ index }) => world.placedBytes(server.uid, index)),
    },
  };
}

function lifecycleOf(server: ServerResource, of: { ready: number; wanted: number; present: number }): Lifecycle {
  if (server.deleting) return "Deleting";
  if (of.wanted === 0) return of.present === 0 ? "ScaledToZero" : "Stopping";
  if (of.ready === 0) return "Deploying";
  return of.ready < of.wanted || of.present > of.wanted ? "Updating" : "Live";
}

function troubleOf(
  world: World,
  server: ServerResource,
  staying: readonly Replica[],
  of: { ready: number; wanted: number },
): Problem | null {
  if (of.ready < of.wanted) {
    const lame = staying.find((replica) => whyNotReady(replica) !== null);
    const detail = lame === undefined ? "they are being started" : `replica ${lame.index}: ${whyNotReady(lame) ?? ""}`;
    return problem("server/replicas_missing", { server: server.name, ...of, detail });
  }
  const stuck = new Set<string>();
  for (const replica of world.replicasOfServer(server.uid)) {
    if (!replica.draining) continue;
    for (const { modelUid } of world.placementsOfReplica(server.uid, replica.index)) {
      if (world.waiting.has(modelUid)) stuck.add(modelUid);
    }
  }
  return stuck.size === 0 ? null : problem("server/cannot_shrink", { server: server.name, models: stuck.size });
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
