/** Which lines are marked, and where a range begins. */
export type Selection = { readonly uids: ReadonlySet<string>; readonly anchor: string | null };

export const NOTHING_SELECTED: Selection = { uids: new Set(), anchor: null };

/** A press on a line's box; with Shift, everything from the last pressed one to this becomes like it. */
export function toggle(selection: Selection, shown: readonly string[], uid: string, isRange: boolean): Selection {
  const isMarked = !selection.uids.has(uid);
  const from = selection.anchor === null ? -1 : shown.indexOf(selection.anchor);
  const to = shown.indexOf(uid);
  const range = isRange && from >= 0 && to >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [uid];
  return { uids: marked(selection.uids, range, isMarked), anchor: uid };
}

/** All of these, or none of them. */
export function toggleAll(selection: Selection, shown: readonly string[]): Selection {
  const areAll = shown.length > 0 && shown.every((uid) => selection.uids.has(uid));
  return { uids: marked(selection.uids, shown, !areAll), anchor: null };
}

function marked(before: ReadonlySet<string>, uids: readonly string[], isMarked: boolean): ReadonlySet<string> {
  const next = new Set(before);
  for (const uid of uids) {
    if (isMarked) next.add(uid);
    else next.delete(uid);
  }
  return next;
}
