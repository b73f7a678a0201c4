import type { Now, Problem, Replica, ServerResource } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";
import type { Candidate, ReplicaView } from "./candidate.ts";
import { type EvaluatedServer, evaluate } from "./evaluate.ts";
import { byScore } from "./scorers/index.ts";
import { whyNoPlace } from "./why-no-place.ts";

export type Placed = { server: ServerResource; replica: Replica };
/** `lacking` says why there are fewer than were asked for; null when there are as many. */
/** How many replicas a model wants altogether, and how many of them it has. */
export type Counts = { wanted: number; held: number };
export type PlaceResult = { placed: Placed[]; lacking: Problem | null };

/**
 * Chooses distinct replicas of one server for the replicas that a model lacks. The server that can take most of them
 * wins; then the one that holds the model, the group's own, the roomiest, the first by name. Fewer than it lacks is a
 * partial placement with its reason. Never chooses a replica that a filter rejects.
 */
export function place(world: World, candidate: Candidate, { wanted, held }: Counts, now: Now): PlaceResult {
  const count = wanted - held;
  if (count <= 0) return { placed: [], lacking: null };
  const evaluated = evaluate(world, candidate, now);
  const options = evaluated
    .map((server) => optionOf(candidate, server, count))
    .filter((option) => option.views.length > 0)
    .sort(byPreference);
  const chosen = options[0]?.views ?? [];
  const counts = { wanted, placed: held + chosen.length, server: chosen[0]?.server.name ?? null };
  return {
    placed: chosen.map(({ server, replica }) => ({ server, replica })),
    lacking: chosen.length < count ? whyNoPlace(candidate, evaluated, counts) : null,
  };
}

type Option = { views: ReplicaView[]; holdsModel: boolean; isOwn: boolean; roomiest: number; name: string };

function optionOf(candidate: Candidate, { server, replicas }: EvaluatedServer, count: number): Option {
  const views = replicas
    .filter(({ rejection }) => rejection === null)
    .map(({ view }) => view)
    .sort(byScore(candidate))
    .slice(0, count);
  return {
    views,
    holdsModel: views.some(({ holdsModel }) => holdsModel),
    isOwn: server.group === candidate.group,
    roomiest: Math.max(0, ...views.map(({ freeBytes }) => freeBytes)),
    name: `${server.group}/${server.name}`,
  };
}

function byPreference(a: Option, b: Option): number {
  return (
    b.views.length - a.views.length ||
    Number(b.holdsModel) - Number(a.holdsModel) ||
    Number(b.isOwn) - Number(a.isOwn) ||
    b.roomiest - a.roomiest ||
    (a.name < b.name ? -1 : 1)
  );
}
