/** What stands at a path of a spec that was checked when it was stored; undefined where there is nothing. */
export function inner(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (outer, key) => (typeof outer === "object" && outer !== null ? Reflect.get(outer, key) : undefined),
    value,
  );
}

/** A text, or the empty one for anything else. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
