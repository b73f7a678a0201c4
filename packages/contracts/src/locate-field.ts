import { isMap, isNode, isScalar, isSeq } from "yaml";

type Found = { offset: number; rest: string; value: unknown };

/**
 * Where a dotted path (`spec.variants.0.model.uri`) stands in a document, as an offset into its text: its value where that is
 * a single one, else its key. For a field that is not there, the nearest parent that is. null = the document is empty.
 */
export function offsetOf(contents: unknown, field: string): number | null {
  let offset = isNode(contents) ? (contents.range?.[0] ?? null) : null;
  let step: Found | null = { offset: offset ?? 0, rest: field, value: contents };
  while (step !== null && step.rest !== "") {
    step = isMap(step.value) ? inMap(step) : isSeq(step.value) ? inList(step) : null;
    offset = step?.offset ?? offset;
  }
  return offset;
}

/** A key may hold dots itself (labels do), so the longest one that the path begins with is meant. */
function inMap({ value, rest }: Found): Found | null {
  if (!isMap(value)) return null;
  let found: Found | null = null;
  let length = -1;
  for (const pair of value.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : null;
    if (key === null || key.length <= length || !(rest === key || rest.startsWith(`${key}.`))) continue;
    const hasValue = isScalar(pair.value) && pair.value.value !== null;
    const node = hasValue ? pair.value : pair.key;
    length = key.length;
    found = { offset: isNode(node) ? (node.range?.[0] ?? 0) : 0, rest: rest.slice(key.length + 1), value: pair.value };
  }
  return found;
}

function inList({ value, rest }: Found): Found | null {
  if (!isSeq(value)) return null;
  const [index = ""] = rest.split(".", 1);
  const item = value.items[Number(index)];
  if (!isNode(item)) return null;
  return { offset: item.range?.[0] ?? 0, rest: rest.slice(index.length + 1), value: item };
}
