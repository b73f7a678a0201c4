/** JSON with its keys in order, so that equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

export type FieldDifference = { field: string; before: unknown; after: unknown };

/** The fields whose values differ, by dotted path (`spec.variants.0.model.uri`); null stands for a field that is not there. */
export function differences(before: unknown, after: unknown, path = ""): FieldDifference[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  const [left, right] = [asRecord(before), asRecord(after)];
  if (left === null || right === null) return [{ field: path, before: before ?? null, after: after ?? null }];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.flatMap((key) => differences(left[key], right[key], path === "" ? key : `${path}.${key}`));
}

/** Objects and lists alike, by key or index; null for anything else, also for a list against nothing. */
function asRecord(value: unknown): Record<string, unknown> | null {
  if (Array.isArray(value)) return Object.fromEntries(value.entries());
  return isRecord(value) ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
