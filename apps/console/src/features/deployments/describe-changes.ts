import type { DeploymentRow } from "@slipway/contracts";

/** What of a line is said aloud. */
export type SpokenRow = Pick<DeploymentRow, "uid" | "name" | "lifecycle" | "health" | "traffic" | "replicas">;

/** What a person who cannot see the list should hear of the difference between two states of it; empty when nothing matters. */
export function describeChanges(before: readonly SpokenRow[], after: readonly SpokenRow[]): string {
  const old = new Map(before.map((row) => [row.uid, row]));
  const sentences = after.flatMap((row) => {
    const known = old.get(row.uid);
    if (known === undefined) return [`${row.name} was added.`];
    if (stateOf(known) === stateOf(row)) return [];
    return [`${row.name} is ${stateOf(row)}.`];
  });
  const kept = new Set(after.map(({ uid }) => uid));
  const gone = before.filter(({ uid }) => !kept.has(uid)).map(({ name }) => `${name} is gone.`);
  const all = [...sentences, ...gone];
  return all.length > SENTENCES_MAX ? `${all.length} deployments changed.` : all.join(" ");
}

const SENTENCES_MAX = 3;

function stateOf({ lifecycle, health, traffic, replicas }: SpokenRow): string {
  return `${lifecycle}, ${health}, traffic ${traffic}, ${replicas.ready} of ${replicas.wanted} replicas ready`;
}
