import { type Document, isMap, LineCounter, parseAllDocuments, parseDocument, stringify } from "yaml";
import { changesBetween, isEqual, isTree, type Tree, type ValueChange } from "./manifest-value.ts";

/** Something wrong with a text, at its place; both count from 1. */
export type TextProblem = { message: string; line: number; column: number };
export type ReadText = { ok: true; value: Tree } | { ok: false; problems: TextProblem[] };

const TOP = { line: 1, column: 1 };
const ALIAS_LIMIT = 100;

/** The manifest that a text holds, or why it holds none. What its fields mean, the API judges. */
export function readText(text: string): ReadText {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { uniqueKeys: true, lineCounter: lines });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (document === undefined) return { ok: false, problems: [{ message: "The text is empty.", ...TOP }] };
  if (second !== undefined) {
    const { line, col } = lines.linePos(second.range[0]);
    return { ok: false, problems: [{ message: "One manifest at a time belongs here.", line, column: col }] };
  }
  if (document.errors.length > 0) return { ok: false, problems: document.errors.map(problemOf) };
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIAS_LIMIT });
    if (isTree(value)) return { ok: true, value };
  } catch {
    return { ok: false, problems: [{ message: "The text refers to its anchors too often.", ...TOP }] };
  }
  const message = "A manifest has apiVersion, kind, metadata and spec.";
  return { ok: false, problems: [{ message, ...TOP }] };
}

function problemOf({ message, linePos }: Document.Parsed["errors"][number]): TextProblem {
  const words = message.split(/ at line \d+|\n/)[0] ?? message;
  return { message: `${words}.`, line: linePos?.[0].line ?? 1, column: linePos?.[0].col ?? 1 };
}

/**
 * A text that holds this manifest: the given one with only what differs put in, so that its comments and order stay; a new
 * one where there is none to begin with. A text that holds it already is returned as it is.
 */
export function syncText(text: string, value: Tree): string {
  const read = readText(text);
  if (!read.ok) return stringify(value);
  if (isEqual(read.value, value)) return text;
  const written = putInto(text, changesBetween(read.value, value));
  // Anchors and the like may not let themselves be changed in one place alone.
  const again = written === null ? null : readText(written);
  return written !== null && again?.ok === true && isEqual(again.value, value) ? written : stringify(value);
}

/** The text with these changes put in at their places; null where one cannot be. */
function putInto(text: string, changes: readonly ValueChange[]): string | null {
  const document = parseDocument(text);
  try {
    for (const { path, after } of changes) {
      if (after === undefined) document.deleteIn(path);
      // A plain value goes into the node that is there, which keeps its comment.
      else document.setIn(path, typeof after === "object" ? document.createNode(after) : after);
    }
  } catch {
    return null;
  }
  dropEmptyParents(
    document,
    changes.map(({ path }) => path),
  );
  return document.toString();
}

/** An object whose last field is gone would read as nothing, which is not an object. */
function dropEmptyParents(document: Document, paths: readonly (readonly (string | number)[])[]): void {
  for (const path of paths) {
    for (let length = path.length - 1; length > 0; length -= 1) {
      const parent = document.getIn(path.slice(0, length));
      if (isMap(parent) && parent.items.length === 0) document.deleteIn(path.slice(0, length));
    }
  }
}
