import type { Problem } from "../snapshot/types.ts";
import type { Candidate } from "./candidate.ts";
import type { EvaluatedServer } from "./evaluate.ts";
import { problem } from "./verdict.ts";

/** Replicas of the model that are asked for, and that have a place; the server on which some were just chosen. */
type Counts = { wanted: number; placed: number; server: string | null };

/** The sentence, with numbers, that tells a person why there is no (further) place for a model and what would help. */
export function whyNoPlace(candidate: Candidate, evaluated: readonly EvaluatedServer[], counts: Counts): Problem {
  const visible = evaluated.filter(({ rejection }) => rejection?.filter !== "tenancy");
  const possible = visible.filter(({ rejection }) => rejection === null);
  if (candidate.server !== null && visible.every(({ server }) => server.name !== candidate.server)) {
    return problem("placement/unknown_server", { server: candidate.server });
  }
  const named = visible.filter(({ rejection }) => rejection?.filter !== "server");
  if (possible.length === 0) {
    const first = named.find(({ rejection }) => rejection?.filter === "replicas");
    if (first !== undefined) return problem("placement/no_replica", { server: first.server.name });
    return problem("placement/no_server", { capability: candidate.capability });
  }
  return memoryProblem(candidate, possible) ?? replicaProblem(candidate, possible, counts);
}

/** Replicas that only memory keeps out say the most; of them the roomiest. */
function memoryProblem(candidate: Candidate, servers: readonly EvaluatedServer[]): Problem | null {
  const tight = servers
    .flatMap(({ replicas }) => replicas)
    .filter(({ rejection }) => rejection?.filter === "memory")
    .map(({ view }) => view)
    .sort((a, b) => b.freeBytes - a.freeBytes || a.label.localeCompare(b.label));
  const roomiest = tight[0];
  if (roomiest === undefined) return null;
  const capacityBytes = Math.max(...tight.map(({ replica }) => replica.memoryBytes));
  const server = roomiest.server.name;
  if (candidate.memoryBytes > capacityBytes) {
    return problem("placement/never_fits", { neededBytes: candidate.memoryBytes, capacityBytes, server });
  }
  return problem("placement/no_capacity", {
    neededBytes: candidate.memoryBytes,
    freeBytes: roomiest.freeBytes,
    server,
  });
}

function replicaProblem(candidate: Candidate, servers: readonly EvaluatedServer[], counts: Counts): Problem {
  const rejections = servers.flatMap(({ server, replicas }) =>
    replicas.flatMap(({ rejection }) => (rejection === null ? [] : [{ server, rejection }])),
  );
  const failed = rejections.find(({ rejection }) => rejection.filter === "failed");
  if (failed !== undefined) return failed.rejection.problem;
  const held = rejections.filter(({ rejection }) => rejection.filter === "distinct");
  const server = held[0]?.server.name ?? counts.server;
  if (server !== null && held.length === rejections.length) {
    return problem("placement/too_few_replicas", {
      server,
      wanted: counts.wanted,
      placed: counts.placed,
      reason: `each replica of a model needs a replica of the server of its own; raise them with: slipway scale server ${server} --replicas N`,
    });
  }
  if (rejections.length > 0 && rejections.every(({ rejection }) => rejection.filter === "capability")) {
    return problem("placement/no_server", { capability: candidate.capability });
  }
  const other = rejections.find(({ rejection }) => rejection.filter !== "distinct") ?? rejections[0];
  return problem("placement/no_replica", { server: (other ?? servers[0])?.server.name ?? "" });
}
