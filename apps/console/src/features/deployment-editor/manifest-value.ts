/** A manifest as a value: what a form, a YAML text and the API all mean. */
export type Tree = { readonly [key: string]: unknown };
export type Path = readonly (string | number)[];
/** One value that differs; undefined stands for one that is not there. */
export type ValueChange = { path: Path; before: unknown; after: unknown };

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a path; undefined where there is nothing. */
export function getIn(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((outer, key) => (isContainer(outer) ? Reflect.get(outer, key) : undefined), value);
}

/** The same tree with another value at a path. Undefined takes it away, and what is empty then above it too. */
export function setIn(tree: Tree, path: Path, value: unknown): Tree {
  const changed = withValue(tree, path, value);
  return isTree(changed) ? changed : {};
}

function withValue(outer: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const inner = withValue(getIn(outer, [key]), rest, value);
  if (typeof key === "number" || Array.isArray(outer)) {
    const list: unknown[] = Array.isArray(outer) ? [...outer] : [];
    if (inner === undefined) list.splice(Number(key), 1);
    else list[Number(key)] = inner;
    return list.length === 0 ? undefined : list;
  }
  const { [key]: _removed, ...others } = isTree(outer) ? outer : {};
  if (inner === undefined) return Object.keys(others).length === 0 ? undefined : others;
  return isTree(outer) ? { ...outer, [key]: inner } : { [key]: inner };
}

/** Whether two values are the same, whatever the order of their keys. What is unsaid equals what is empty. */
export function isEqual(one: unknown, other: unknown): boolean {
  return changesBetween(one, other).length === 0;
}

/** The values that differ, as deep as both sides have the same shape. Lists of another length differ as a whole. */
export function changesBetween(before: unknown, after: unknown, path: Path = []): ValueChange[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((value, index) => changesBetween(value, after[index], [...path, index]));
  }
  if ((isTree(before) && isMissingOrTree(after)) || (isTree(after) && before === undefined)) {
    const [left, right]: [Tree, Tree] = [isTree(before) ? before : {}, isTree(after) ? after : {}];
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => changesBetween(left[key], right[key], [...path, key]));
  }
  return [{ path, before, after }];
}

/** A path as messages and tables show it. */
export function fieldOf(path: Path): string {
  return path.join(".");
}

function isMissingOrTree(value: unknown): value is Tree | undefined {
  return value === undefined || isTree(value);
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
