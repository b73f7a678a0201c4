import type { ResourceStatus } from "@slipway/contracts";
import type { Now, Replica, ServerResource } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";
import { isSameStatus } from "../status/conditions.ts";
import { serverStatus } from "../status/server-status.ts";

export type ServerPlan = {
  /** Indexes of replicas that should exist and do not. */
  add: number[];
  /** Replicas that should go: they take no new model, and theirs move. */
  drain: Replica[];
  /** Replicas that were to go and may stay. */
  keep: Replica[];
  /** Empty replicas that were to go: the fleet removes them. */
  remove: Replica[];
  /** What people should read; null when nothing changed. */
  status: ResourceStatus | null;
  /** Deleted and without replicas: the row can go. */
  finished: boolean;
};

/** Plans how many replicas a server has: the emptiest with the highest index go first, each after its models moved. */
export function reconcileServer(world: World, server: ServerResource, now: Now): ServerPlan {
  const replicas = world.replicasOfServer(server.uid);
  const wanted = server.deleting ? 0 : server.spec.replicas;
  const staying = replicas.filter(({ draining }) => !draining);
  const going = replicas.filter(({ draining }) => draining);
  const missing = wanted - staying.length;
  const keep = [...going].sort((a, b) => a.index - b.index).slice(0, Math.max(0, missing));
  const drain = [...staying].sort(byEmptiness(world)).slice(0, Math.max(0, -missing));
  const status = serverStatus(world, server, world.statuses.get(server.uid), now);
  return {
    add: freeIndexes(replicas, missing - keep.length),
    drain,
    keep,
    remove: [...going, ...drain].filter((replica) => !keep.includes(replica) && isEmpty(world, replica)),
    status: isSameStatus(world.statuses.get(server.uid), status) ? null : status,
    finished: server.deleting && replicas.length === 0,
  };
}

function byEmptiness(world: World): (a: Replica, b: Replica) => number {
  const placed = ({ serverUid, index }: Replica) => world.placedBytes(serverUid, index);
  return (a, b) => placed(a) - placed(b) || b.index - a.index;
}

function isEmpty(world: World, replica: Replica): boolean {
  return world.placementsOfReplica(replica.serverUid, replica.index).size === 0;
}

function freeIndexes(replicas: readonly Replica[], count: number): number[] {
  const taken = new Set(replicas.map(({ index }) => index));
  const free: number[] = [];
  for (let index = 0; free.length < count; index += 1) if (!taken.has(index)) free.push(index);
  return free;
}
