import type { Now, Problem, ServerResource } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";
import { type Candidate, type ReplicaView, viewReplica } from "./candidate.ts";
import { REPLICA_FILTERS, SERVER_FILTERS } from "./filters/index.ts";

export type Rejection = { filter: string; problem: Problem };
export type EvaluatedReplica = { view: ReplicaView; rejection: Rejection | null };
export type EvaluatedServer = {
  server: ServerResource;
  rejection: Rejection | null;
  /** Empty when the server itself was rejected. */
  replicas: EvaluatedReplica[];
};

/**
 * Runs every filter for a candidate on every server and replica: the one evaluation that both `place` and `explain` are
 * made of, so that they cannot disagree. Servers come in order of group and name, replicas by index.
 */
export function evaluate(world: World, candidate: Candidate, now: Now): EvaluatedServer[] {
  const servers = [...world.servers.values()].sort((a, b) => compare(`${a.group}/${a.name}`, `${b.group}/${b.name}`));
  return servers.map((server) => {
    const rejection = rejectServer(world, candidate, server);
    if (rejection !== null) return { server, rejection, replicas: [] };
    const replicas = world.replicasOfServer(server.uid).map((replica) => {
      const view = viewReplica(world, candidate, server, replica);
      return { view, rejection: rejectReplica(world, candidate, view, now) };
    });
    return { server, rejection: null, replicas };
  });
}

function rejectServer(world: World, candidate: Candidate, server: ServerResource): Rejection | null {
  for (const filter of SERVER_FILTERS) {
    const verdict = filter.check(candidate, server, world);
    if (!verdict.pass) return { filter: filter.name, problem: verdict.problem };
  }
  return null;
}

function rejectReplica(world: World, candidate: Candidate, view: ReplicaView, now: Now): Rejection | null {
  for (const filter of REPLICA_FILTERS) {
    const verdict = filter.check(candidate, view, world, now);
    if (!verdict.pass) return { filter: filter.name, problem: verdict.problem };
  }
  return null;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
