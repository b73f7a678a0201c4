import { isMap, isNode, isScalar, isSeq } from "yaml";
import type { Position } from "./errors.ts";

/**
 * Where the fields of a document stand in its text, by dotted path (`spec.variants.0.model.uri`): at the value where that is
 * a single one, else at the key. The document itself stands under the empty path. Plain data, so that it can go to another
 * thread.
 */
export type Places = ReadonlyMap<string, Position>;

/** What stands deeper, or has a longer path, is told at its nearest parent. No field of ours does. */
const MAX_SEGMENTS = 8;
const MAX_PATH = 512;

/** The places of a document's fields. */
export function placesOf(contents: unknown, positionOf: (offset: number) => Position): Places {
  const places = new Map<string, Position>();
  const put = (path: string, node: unknown): void => {
    const offset = isNode(node) ? node.range?.[0] : undefined;
    if (offset !== undefined && !places.has(path)) places.set(path, positionOf(offset));
  };
  const enter = (parent: string, segment: string, level: number, head: unknown, value: unknown): void => {
    if (parent.length + segment.length >= MAX_PATH) return;
    const path = parent === "" ? segment : `${parent}.${segment}`;
    put(path, head);
    walk(value, path, level + 1);
  };
  const walk = (node: unknown, path: string, level: number): void => {
    if (level === MAX_SEGMENTS) return;
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) enter(path, String(index), level, item, item);
    }
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const hasValue = isScalar(value) && value.value !== null;
      enter(path, String(key.value), level, hasValue ? value : key, value);
    }
  };
  put("", contents);
  walk(contents, "", 0);
  return places;
}

/** Where a field stands; for one that is not there, the nearest parent that is. null = the document is empty. */
export function placeOf(places: Places, field: string): Position | null {
  for (let path = field.slice(0, MAX_PATH); path !== ""; path = path.slice(0, Math.max(0, path.lastIndexOf(".")))) {
    const found = places.get(path);
    if (found !== undefined) return found;
  }
  return places.get("") ?? null;
}
