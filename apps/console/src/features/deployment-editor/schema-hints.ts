import { isTree, type Tree } from "./manifest-value.ts";

/** What the schema says of a field: what it means, and what counts when nothing is said. */
export type Hint = { help: string; fallback: string };
/** By path, as in `spec.scaling.replicas`. */
export type Hints = Readonly<Record<string, Hint>>;

/** The help texts and defaults of a spec's JSON Schema, each at its path in a manifest with one entry in each list. */
export function schemaHints(schema: Tree, path = "spec"): Hints {
  const { properties, items } = schema;
  if (isTree(items)) return schemaHints(items, `${path}.0`);
  if (!isTree(properties)) return { [path]: hintOf(schema) };
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]) =>
      isTree(value) ? Object.entries(schemaHints(value, `${path}.${key}`)) : [],
    ),
  );
}

function hintOf({ description, default: fallback }: Tree): Hint {
  return {
    help: typeof description === "string" ? `${description}.` : "",
    fallback: typeof fallback === "string" || typeof fallback === "number" ? String(fallback) : "",
  };
}
