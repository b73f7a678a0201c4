import { type Document, LineCounter, parseAllDocuments } from "yaml";
import { lowerFirst } from "./describe-issues.ts";
import type { Position, Problem } from "./errors.ts";
import { offsetOf } from "./locate-field.ts";

/** The deepest nesting that a manifest may have. */
export const MANIFEST_MAX_DEPTH = 64;
/** How many mistakes of syntax are told of one document; more follow from the first. */
const MAX_SYNTAX_PROBLEMS = 10;
const ALIAS_LIMIT = 100;
const TOO_DEEP: Problem = { field: "", message: `is nested deeper than ${MANIFEST_MAX_DEPTH} levels` };

/** One document of a text: its value, the text it came from and where a field stands in it, or what is wrong with it. */
export type YamlDocument =
  | { ok: true; value: unknown; source: string; locate: (field: string) => Position | null }
  | { ok: false; problems: Problem[] };

/** The documents of a YAML (or JSON) text; empty ones are left out. What would exhaust the reader is a problem like any other. */
export function yamlDocuments(text: string): YamlDocument[] {
  if (nestsTooDeep(text)) return [{ ok: false, problems: [TOO_DEEP] }];
  const lineCounter = new LineCounter();
  const parsed = parseAllDocuments(text, { uniqueKeys: true, lineCounter });
  const documents = Array.isArray(parsed) ? parsed : [];
  let begin = 0;
  return documents.flatMap((document) => {
    const end = document.range?.[2] ?? text.length;
    // With the comments above it, without the line that parts it from the one before.
    const source = text.slice(begin, end).replace(/^\s*---[^\S\n]*\n/, "");
    begin = end;
    const read = readDocument(document, source, lineCounter);
    return read.ok && (read.value === null || read.value === undefined) ? [] : [read];
  });
}

function readDocument(document: Document.Parsed, source: string, lines: LineCounter): YamlDocument {
  if (document.errors.length > 0) {
    const problems = document.errors.slice(0, MAX_SYNTAX_PROBLEMS).map((error) => {
      const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
      const message = lowerFirst(error.message.split(/ at line \d+|\n/)[0] ?? "");
      return { field: `line ${line}`, message, position: { line, column: col } };
    });
    return { ok: false, problems };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch {
    return { ok: false, problems: [{ field: "", message: "refers to its anchors too often" }] };
  }
  if (isDeeperThan(value, MANIFEST_MAX_DEPTH)) return { ok: false, problems: [TOO_DEEP] };
  const locate = (field: string): Position | null => {
    const offset = offsetOf(document.contents, field);
    if (offset === null) return null;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  return { ok: true, value, source, locate };
}

/** Whether a value nests deeper than `limit`; true for one that holds itself. */
function isDeeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeeperThan(inner, limit - 1));
}

/** Sees brackets and dashes that would exhaust the reader's stack before it reads them. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (depth > MANIFEST_MAX_DEPTH * 4) return true;
  }
  return new RegExp(`^\\s*(?:[-?:] +){${MANIFEST_MAX_DEPTH}}`, "m").test(text);
}
