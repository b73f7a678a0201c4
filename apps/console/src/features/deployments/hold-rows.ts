import type { DeploymentRow } from "./deployment-row.ts";

export type HeldRows = {
  rows: readonly DeploymentRow[];
  /** How many lines would come or go; 0 when what is shown is all there is. */
  waiting: number;
};

/**
 * What to show while a person points at the list: every line where it was, with its newest content. Lines that come or go
 * wait, so that nothing moves away under a pointer. `shown` = null: nothing is held back.
 */
export function holdRows(shown: readonly DeploymentRow[] | null, latest: readonly DeploymentRow[]): HeldRows {
  if (shown === null) return { rows: latest, waiting: 0 };
  const byUid = new Map(latest.map((row) => [row.uid, row]));
  const gone = shown.filter((row) => !byUid.has(row.uid)).length;
  const come = latest.length - (shown.length - gone);
  return { rows: shown.map((row) => byUid.get(row.uid) ?? row), waiting: gone + come };
}
