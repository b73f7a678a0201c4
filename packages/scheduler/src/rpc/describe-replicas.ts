import type { HeldModelView, ServerReplicasView, ServerReplicaView } from "@slipway/contracts";
import type { ReplicasRequest } from "@slipway/rpc/control/query";
import { saturatingSubtract } from "../placement/candidate.ts";
import { whyNotReady } from "../snapshot/replica-liveness.ts";
import type { Placement, Replica, ServerResource } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";

const ALL = "*";

/** What the asked-for servers' replicas offer and hold, by group and name. Models of other groups are only counted. */
export function describeReplicas(world: World, request: Omit<ReplicasRequest, "$typeName">): ServerReplicasView[] {
  return [...world.servers.values()]
    .filter(({ group, name }) => isOf(request.groups, group) && (request.server === "" || request.server === name))
    .sort((a, b) => (`${a.group}/${a.name}` < `${b.group}/${b.name}` ? -1 : 1))
    .map((server) => describeServer(world, server, request.modelsOf));
}

function describeServer(world: World, server: ServerResource, modelsOf: string): ServerReplicasView {
  const replicas = world.replicasOfServer(server.uid).map((replica) => describeReplica(world, replica, modelsOf));
  const { uid, group, name } = server;
  return { uid, group, name, replicas, drift: driftOf(world, server, replicas) };
}

function describeReplica(world: World, replica: Replica, modelsOf: string): ServerReplicaView {
  const { serverUid, index, modelServer } = replica;
  const placements = [...world.placementsOfReplica(serverUid, index)];
  const seen = placements.filter(({ modelUid }) => isOf([modelsOf], world.models.get(modelUid)?.group ?? ""));
  const hidden = placements.filter((placement) => !seen.includes(placement));
  const declaredBytes = world.placedBytes(serverUid, index);
  const problem = replica.draining ? "it is on its way out" : whyNotReady(replica);
  return {
    replica: index,
    state: replica.draining ? "draining" : problem === null ? "ready" : "unready",
    reason: problem ?? "",
    capabilities: [...replica.capabilities],
    capacityBytes: replica.memoryBytes,
    declaredBytes,
    freeBytes: saturatingSubtract(replica.memoryBytes, declaredBytes),
    measuredBytes: modelServer === null || modelServer.residentBytes === 0 ? null : modelServer.residentBytes,
    crashes: modelServer?.crashes ?? 0,
    gpus: [...replica.gpus],
    models: seen.map((placement) => describeModel(world, placement)).sort(byName),
    others: { count: hidden.length, declaredBytes: hidden.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) },
  };
}

function describeModel(world: World, placement: Placement): HeldModelView {
  const model = world.models.get(placement.modelUid);
  const report = world.reportOf(placement);
  const measured = report?.measuredBytes ?? 0;
  return {
    group: model?.group ?? "",
    deployment: model?.ownerUid == null ? null : (world.resource(model.ownerUid)?.name ?? null),
    model: model?.name ?? "",
    state: stateOf(placement, report?.state),
    declaredBytes: placement.memoryBytes,
    measuredBytes: measured === 0 ? null : measured,
  };
}

function stateOf(
  { state }: Placement,
  reported: NonNullable<ReturnType<World["reportOf"]>>["state"] | undefined,
): HeldModelView["state"] {
  if (state !== "wanted" || reported === "unloading") return "leaving";
  return reported ?? "waiting";
}

/** Replicas that are missing or too many, and models that are not where they should be. */
function driftOf(world: World, server: ServerResource, replicas: readonly ServerReplicaView[]): string[] {
  const wanted = server.deleting ? 0 : server.spec.replicas;
  const ready = replicas.filter(({ state }) => state === "ready").length;
  const placements = world
    .replicasOfServer(server.uid)
    .flatMap(({ index }) => [...world.placementsOfReplica(server.uid, index)]);
  const states = placements.map((placement) => stateOf(placement, world.reportOf(placement)?.state));
  const count = (...of: HeldModelView["state"][]) => states.filter((state) => of.includes(state)).length;
  return [
    ...(ready < wanted ? [`${wanted - ready} of ${wanted} ${plural(wanted, "replica")} not ready`] : []),
    ...(replicas.length > wanted
      ? [`${plural(replicas.length - wanted, "replica", "counted")} more than asked for`]
      : []),
    ...sentence(count("waiting", "fetching", "loading"), "on the way in"),
    ...sentence(count("failed"), "failed to load"),
    ...sentence(count("leaving"), "on the way out"),
  ];
}

function sentence(count: number, words: string): string[] {
  return count === 0 ? [] : [`${plural(count, "model", "counted")} ${words}`];
}

function plural(count: number, word: string, as?: "counted"): string {
  const words = count === 1 ? word : `${word}s`;
  return as === "counted" ? `${count} ${words}` : words;
}

function isOf(groups: readonly string[], group: string): boolean {
  return groups.includes(ALL) || groups.includes(group);
}

function byName(a: HeldModelView, b: HeldModelView): number {
  return `${a.group}/${a.model}` < `${b.group}/${b.model}` ? -1 : 1;
}
