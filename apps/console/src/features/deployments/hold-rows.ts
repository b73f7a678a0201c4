type Line = { uid: string };

export type HeldRows<Row extends Line> = {
  rows: readonly Row[];
  /** How many lines would come, go or move; 0 when what is shown is all there is. */
  waiting: number;
};

/**
 * What to show while a person points at the list: every line where it was, with its newest content. Lines that come, go or
 * move wait, so that nothing moves away under a pointer. `shown` = null: nothing is held back.
 */
export function holdRows<Row extends Line>(shown: readonly Row[] | null, latest: readonly Row[]): HeldRows<Row> {
  if (shown === null) return { rows: latest, waiting: 0 };
  const byUid = new Map(latest.map((row) => [row.uid, row]));
  const known = new Set(shown.map(({ uid }) => uid));
  const kept = shown.filter(({ uid }) => byUid.has(uid));
  const ordered = latest.filter(({ uid }) => known.has(uid));
  const moved = kept.filter((row, at) => ordered[at]?.uid !== row.uid).length;
  const waiting = shown.length - kept.length + (latest.length - ordered.length) + moved;
  return { rows: shown.map((row) => byUid.get(row.uid) ?? row), waiting };
}
