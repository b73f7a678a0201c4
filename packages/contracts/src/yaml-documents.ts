import { type Document, isMap, isScalar, isSeq } from "yaml";
import { lowerFirst } from "./describe-issues.ts";
import type { Position, Problem } from "./errors.ts";
import { type Places, placesOf } from "./locate-field.ts";
import { MANIFEST_MAX_DEPTH, readYaml, TOO_DEEP, YAML_LIMITS } from "./read-yaml.ts";

/** How many mistakes of syntax are told of one document; more follow from the first. */
const MAX_SYNTAX_PROBLEMS = 10;
const ALIAS_LIMIT = 100;

/** One document of a text: its value, the text it came from and where its fields stand in it, or what is wrong with it. */
export type YamlDocument =
  | { ok: true; value: unknown; source: string; places: Places }
  | { ok: false; problems: Problem[] };

/** The documents of a YAML (or JSON) text; empty ones are left out. What would exhaust the reader is a problem like any other. */
export function yamlDocuments(text: string): YamlDocument[] {
  const read = readYaml(text);
  if (!read.ok) {
    const { message, position } = read;
    return [{ ok: false, problems: [{ field: "", message, ...(position === undefined ? {} : { position }) }] }];
  }
  let begin = 0;
  return read.documents.flatMap((document) => {
    const end = document.range[2];
    // With the comments above it, without the line that parts it from the one before.
    const source = text.slice(begin, end).replace(/^\s*---[^\S\n]*\n/, "");
    begin = end;
    const one = readDocument(document, source, read.positionOf);
    return one.ok && (one.value === null || one.value === undefined) ? [] : [one];
  });
}

type PositionOf = (offset: number) => Position;

function readDocument(document: Document.Parsed, source: string, positionOf: PositionOf): YamlDocument {
  const mistakes = document.errors.slice(0, MAX_SYNTAX_PROBLEMS);
  const problems = mistakes.map(({ message, pos }) => lineProblem(message, positionOf(pos[0])));
  for (const offset of repeatedKeys(document.contents, MAX_SYNTAX_PROBLEMS - problems.length)) {
    problems.push(lineProblem("map keys must be unique", positionOf(offset)));
  }
  if (problems.length > 0) return { ok: false, problems };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch (error) {
    const isUnknown = error instanceof Error && error.message.startsWith("Unresolved alias");
    const message = isUnknown ? "refers to an anchor that is not above" : "refers to its anchors too often";
    return { ok: false, problems: [{ field: "", message }] };
  }
  const problem = new Measure().problemOf(value, MANIFEST_MAX_DEPTH);
  if (problem !== null) return { ok: false, problems: [{ field: "", message: problem }] };
  return { ok: true, value, source, places: placesOf(document.contents, positionOf) };
}

function lineProblem(message: string, position: Position): Problem {
  return { field: `line ${position.line}`, message: lowerFirst(message.split("\n", 1)[0] ?? ""), position };
}

/** Where keys stand that are in their map already, at most `limit` of them. Keys that become one name are one key. */
function repeatedKeys(contents: unknown, limit: number): number[] {
  const found: number[] = [];
  const walk = (node: unknown): void => {
    if (found.length >= limit) return;
    if (isSeq(node)) for (const item of node.items) walk(item);
    if (!isMap(node)) return;
    const names = new Set<string>();
    for (const { key, value } of node.items) {
      if (isScalar(key)) {
        const name = String(key.value ?? "");
        if (names.has(name) && found.length < limit) found.push(key.range?.[0] ?? 0);
        names.add(name);
      } else walk(key);
      walk(value);
    }
  };
  walk(contents);
  return found;
}

/** Looks at a value as it is with each alias written out. */
class Measure {
  #left: number = YAML_LIMITS.values;

  /** Why a value may not be: it is too deep, which one that holds itself is, or too large; null = it may. */
  problemOf(value: unknown, levels: number): string | null {
    this.#left -= 1;
    if (this.#left < 0) return `holds more than ${YAML_LIMITS.values} keys and values, its aliases written out`;
    if (typeof value !== "object" || value === null) return null;
    if (levels === 0) return TOO_DEEP;
    for (const inner of Object.values(value)) {
      const problem = this.problemOf(inner, levels - 1);
      if (problem !== null) return problem;
    }
    return null;
  }
}
