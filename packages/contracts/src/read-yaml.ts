import { Composer, CST, type Document, Lexer, LineCounter, Parser } from "yaml";
import type { Position } from "./errors.ts";

/** The deepest nesting that a manifest may have. */
export const MANIFEST_MAX_DEPTH = 64;

/** What one text may hold. Each is counted while it is read, so that no text costs more than its share of these. */
export const YAML_LIMITS = {
  /** Lines, also empty ones. */
  lines: 50_000,
  /** Keys, values, items and collections of all documents together. */
  values: 40_000,
  /** Anchors and tags. */
  marks: 1_000,
  aliases: 1_000,
  /** Everything that the reader tells apart, also blanks, commas and comments. */
  pieces: 200_000,
} as const;
type Limit = keyof typeof YAML_LIMITS;

const WORDS: Readonly<Record<Limit, string>> = {
  lines: "lines",
  values: "keys and values",
  marks: "anchors and tags",
  aliases: "aliases",
  pieces: "pieces of syntax",
};

/** After this many mistakes of syntax nothing more is read: what follows from the first ones helps nobody. */
const MAX_MISTAKES = 100;

/** What the reader's own stack holds besides the levels of a value: the document and what it is just about. */
const STACK_BESIDE = 8;

export type ReadYaml =
  | { ok: true; documents: Document.Parsed[]; positionOf: (offset: number) => Position }
  | { ok: false; message: string; position?: Position };

/** The documents of a text, or which limit it breaks and where. What it costs grows with the text's length and nothing else. */
export function readYaml(text: string): ReadYaml {
  if (countLines(text) > YAML_LIMITS.lines) return tooMany("lines");
  const lines = new LineCounter();
  lines.addNewLine(0);
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const parser = new Parser(lines.addNewLine);
  // Whether keys are unique is looked at afterwards: the library compares each key with every other one.
  const composer = new Composer({ uniqueKeys: false, logLevel: "error" });
  const documents: Document.Parsed[] = [];
  let mistakes = 0;
  const take = (tokens: Iterable<CST.Token>): void => {
    for (const token of tokens) {
      if (token.type === "error") mistakes += 1;
      documents.push(...composer.next(token));
    }
  };
  const counter = new Counter();
  for (const lexeme of new Lexer().lex(text)) {
    if (mistakes >= MAX_MISTAKES) break;
    const broken = counter.count(lexeme);
    if (broken !== null) return tooMany(broken, positionOf(parser.offset));
    take(parser.next(lexeme));
    if (parser.stack.length > MANIFEST_MAX_DEPTH + STACK_BESIDE) {
      return { ok: false, message: TOO_DEEP, position: positionOf(parser.offset) };
    }
  }
  take(parser.end());
  documents.push(...composer.end());
  return { ok: true, documents, positionOf };
}

export const TOO_DEEP = `is nested deeper than ${MANIFEST_MAX_DEPTH} levels`;

function tooMany(limit: Limit, position?: Position): ReadYaml {
  const message = `holds more than ${YAML_LIMITS[limit]} ${WORDS[limit]}`;
  return { ok: false, message, ...(position === undefined ? {} : { position }) };
}

/** Counts what a text is made of, piece by piece. */
class Counter {
  readonly #counts: Record<Limit, number> = { lines: 0, values: 0, marks: 0, aliases: 0, pieces: 0 };
  /** The lexer says that a text comes, and then the text itself. */
  #isText = false;

  /** The limit that is broken now; null = none. */
  count(lexeme: string): Limit | null {
    const broken = this.#add("pieces");
    if (broken !== null) return broken;
    if (this.#isText) {
      this.#isText = false;
      return null;
    }
    const type = CST.tokenType(lexeme);
    switch (type) {
      case "scalar":
        this.#isText = true;
        return this.#add("values");
      case "alias":
        return this.#add("aliases") ?? this.#add("values");
      case "anchor":
      case "tag":
        return this.#add("marks");
      case "space":
      case "newline":
      case "comment":
      case "comma":
      case "map-value-ind":
      case "flow-map-end":
      case "flow-seq-end":
      // The text that it is the head of is counted.
      case "block-scalar-header":
        return null;
      default:
        return this.#add("values");
    }
  }

  #add(limit: Limit): Limit | null {
    this.#counts[limit] += 1;
    return this.#counts[limit] > YAML_LIMITS[limit] ? limit : null;
  }
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at !== -1 && count <= YAML_LIMITS.lines; at = text.indexOf("\n", at + 1))
    count += 1;
  return count;
}
