import type { ServerReplicasView } from "@slipway/contracts";
import { modelCountOf } from "./fleet-words.ts";
import { type ServerRow, usedShare } from "./server-row.ts";
import type { ServerOrder, ServerSort } from "./servers-address.ts";

/** The rows in an order; equal ones by name, and whatever is not known comes last either way. */
export function sortServers(
  rows: readonly ServerRow[],
  { by, isDown }: ServerOrder,
  replicasOf: ReadonlyMap<string, ServerReplicasView>,
): ServerRow[] {
  const turn = isDown ? -1 : 1;
  const byName = (one: ServerRow, other: ServerRow) =>
    one.name.localeCompare(other.name) || one.group.localeCompare(other.group);
  if (by === "name") return rows.toSorted((one, other) => turn * byName(one, other));
  const figures = new Map(rows.map((row) => [row.uid, figureOf(row, by, replicasOf.get(row.uid))]));
  return rows.toSorted((one, other) => {
    const [left, right] = [figures.get(one.uid) ?? null, figures.get(other.uid) ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || byName(one, other);
    return turn * (left - right) || byName(one, other);
  });
}

function figureOf(
  row: ServerRow,
  by: Exclude<ServerSort, "name">,
  known: ServerReplicasView | undefined,
): number | null {
  switch (by) {
    case "memory":
      return row.memory === null ? null : usedShare(row.memory);
    case "models": {
      if (known === undefined) return null;
      const { own, others } = modelCountOf(known);
      return own + others;
    }
    case "replicas":
      return row.wanted;
    default:
      return by satisfies never;
  }
}
