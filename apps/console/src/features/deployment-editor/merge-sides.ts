import { changesBetween, fieldOf, getIn, isEqual, type Path, setIn, type Tree } from "./manifest-value.ts";

/** A field that two people changed to different values. */
export type Conflict = { path: Path; base: unknown; theirs: unknown; mine: unknown };
export type Choice = "theirs" | "mine";
export type Merge = {
  /** Theirs with everything of mine that they did not touch. */
  merged: Tree;
  /** What has to be chosen; each stands in `merged` as theirs. */
  conflicts: Conflict[];
};

/** Brings two changes of one manifest together, field by field; what only one side changed is that side's. */
export function mergeSides(base: Tree, theirs: Tree, mine: Tree): Merge {
  const others = changesBetween(base, theirs);
  const conflicts: Conflict[] = [];
  let merged = theirs;
  for (const { path, after } of changesBetween(base, mine)) {
    const touched = others.filter((other) => overlaps(other.path, path));
    if (touched.length === 0) {
      merged = setIn(merged, path, after);
      continue;
    }
    const shared = touched.reduce<Path>(
      (least, other) => (other.path.length < least.length ? other.path : least),
      path,
    );
    const conflict = {
      path: shared,
      base: getIn(base, shared),
      theirs: getIn(theirs, shared),
      mine: getIn(mine, shared),
    };
    const isKnown = conflicts.some((known) => fieldOf(known.path) === fieldOf(shared));
    if (!isKnown && !isEqual(conflict.theirs, conflict.mine)) conflicts.push(conflict);
  }
  return { merged, conflicts };
}

/** The merge with what was chosen; null while something is not chosen yet. */
export function resolveMerge({ merged, conflicts }: Merge, choices: Readonly<Record<string, Choice>>): Tree | null {
  let resolved = merged;
  for (const { path, mine } of conflicts) {
    const choice = choices[fieldOf(path)];
    if (choice === undefined) return null;
    if (choice === "mine") resolved = setIn(resolved, path, mine);
  }
  return resolved;
}

/** One path is the other, or leads to it. */
function overlaps(one: Path, other: Path): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return short.every((key, index) => String(key) === String(long[index]));
}
