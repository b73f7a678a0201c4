/**
 * JSON with its numbers as they were written, so that 64-bit integers and trailing zeros stay exact, and with the line and
 * column of what is wrong in every browser alike.
 */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;
export type JsonNumber = { readonly number: string };
export type JsonObject = ReadonlyMap<string, Json>;

export type JsonProblem = { line: number; column: number; words: string };
export type JsonResult = { ok: true; value: Json } | { ok: false; problem: JsonProblem };

/** Deeper than this nothing that a model takes is nested. */
const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;
/** Of a text: everything but quotes, backslashes and control characters. */
const PLAIN_TEXT = /[ !#-[\]-\u{10ffff}]*/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORD = /[A-Za-z]+/y;

class Refusal extends Error {
  readonly at: number;

  constructor(words: string, at: number) {
    super(words);
    this.at = at;
  }
}

/** Reads one JSON value; what is wrong comes with its line and column, both from 1. */
export function readJson(text: string): JsonResult {
  const reader = new Reader(text);
  try {
    return { ok: true, value: reader.readWhole() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, problem: { ...lineAndColumn(text, error.at), words: error.message } };
  }
}

/** Where a value stands in a text that `readJson` takes, both from 1: its line and column, or its nearest parent's. */
export function placeIn(text: string, path: readonly string[]): { line: number; column: number } {
  const places = new Map<string, number>();
  try {
    new Reader(text, places).readWhole();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  for (let length = path.length; length > 0; length -= 1) {
    const at = places.get(keyOf(path.slice(0, length)));
    if (at !== undefined) return lineAndColumn(text, at);
  }
  return { line: 1, column: 1 };
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function lineAndColumn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

class Reader {
  readonly #text: string;
  /** Where each value begins, by its path; null when nobody asks. */
  readonly #places: Map<string, number> | null;
  readonly #path: string[] = [];
  #at = 0;

  constructor(text: string, places: Map<string, number> | null = null) {
    this.#text = text;
    this.#places = places;
  }

  readWhole(): Json {
    const value = this.#value(0);
    this.#take(SPACE);
    if (this.#at < this.#text.length) throw new Refusal("There is more after the end.", this.#at);
    return value;
  }

  #value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new Refusal(`It is nested deeper than ${MAX_DEPTH} levels.`, this.#at);
    this.#take(SPACE);
    this.#places?.set(keyOf(this.#path), this.#at);
    const start = this.#text[this.#at];
    if (start === undefined) throw new Refusal("It ends where a value is expected.", this.#at);
    if (start === "{") return this.#object(depth);
    if (start === "[") return this.#array(depth);
    if (start === '"') return this.#string();
    const number = this.#take(NUMBER);
    if (number !== "") {
      if (/[\w.]/.test(this.#text[this.#at] ?? "")) throw new Refusal("This is not a number.", this.#at);
      return { number };
    }
    return this.#word();
  }

  #word(): Json {
    const at = this.#at;
    const word = this.#take(WORD);
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    throw new Refusal(word === "" ? "A value is expected here." : `${word.slice(0, 40)} is not a JSON value.`, at);
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>();
    this.#at += 1;
    if (this.#next("}")) return members;
    do {
      this.#take(SPACE);
      const at = this.#at;
      if (this.#text[at] !== '"') throw new Refusal("A name in double quotes is expected here.", at);
      const name = this.#string();
      if (members.has(name)) throw new Refusal(`${name.slice(0, 40)} is given twice.`, at);
      if (!this.#next(":")) throw new Refusal("A colon is expected here.", this.#at);
      members.set(name, this.#below(name, depth));
    } while (this.#next(","));
    if (!this.#next("}")) throw new Refusal("A comma or } is expected here.", this.#at);
    return members;
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#at += 1;
    if (this.#next("]")) return items;
    do items.push(this.#below(String(items.length), depth));
    while (this.#next(","));
    if (!this.#next("]")) throw new Refusal("A comma or ] is expected here.", this.#at);
    return items;
  }

  #below(step: string, depth: number): Json {
    if (this.#places === null) return this.#value(depth + 1);
    this.#path.push(step);
    const value = this.#value(depth + 1);
    this.#path.pop();
    return value;
  }

  #string(): string {
    const from = this.#at;
    this.#at += 1;
    for (;;) {
      this.#take(PLAIN_TEXT);
      const end = this.#text[this.#at];
      if (end === '"') break;
      if (end !== "\\") throw new Refusal("The text is not closed on its line.", this.#at);
      if (this.#take(ESCAPE) === "") throw new Refusal("This escape is not known.", this.#at);
    }
    this.#at += 1;
    return String(JSON.parse(this.#text.slice(from, this.#at)));
  }

  /** Whether this character comes next, and goes past it. */
  #next(character: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }
}

/** How long a line may get before its values stand below each other. */
const LINE_LENGTH = 72;

/** A value on one line. */
export function writeJson(value: Json): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(writeJson).join(", ")}]`;
  if (isObject(value)) {
    const members = [...value].map(([name, inner]) => `${JSON.stringify(name)}: ${writeJson(inner)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  return value.number;
}

/** A value over several lines where one would be too long, two spaces to each level. Scalars of a long list share lines. */
export function prettyJson(value: Json, indent = ""): string {
  const line = writeJson(value);
  if (indent.length + line.length <= LINE_LENGTH && (indent !== "" || !isObject(value))) return line;
  const deeper = `${indent}  `;
  if (isArray(value)) {
    if (value.length === 0) return line;
    const parts = value.every(isScalar)
      ? wrap(value.map(writeJson), LINE_LENGTH - deeper.length)
      : value.map((inner) => prettyJson(inner, deeper));
    return `[\n${parts.map((part) => deeper + part).join(",\n")}\n${indent}]`;
  }
  if (isObject(value)) {
    if (value.size === 0) return line;
    const parts = [...value].map(([name, inner]) => `${deeper}${JSON.stringify(name)}: ${prettyJson(inner, deeper)}`);
    return `{\n${parts.join(",\n")}\n${indent}}`;
  }
  return line;
}

/** Words put together to lines of a length, with commas between the words of a line. */
function wrap(words: readonly string[], length: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 3 + word.length <= length) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(word);
  }
  return lines;
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

export function isNumber(value: Json | undefined): value is JsonNumber {
  return typeof value === "object" && value !== null && "number" in value;
}

function isScalar(value: Json): boolean {
  return !isArray(value) && !isObject(value);
}

/** What stands under a name of an object; undefined for anything else. */
export function member(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? value.get(name) : undefined;
}

/** Every scalar of a list of lists, in order. */
export function flatten(value: Json): Json[] {
  return isArray(value) ? value.flatMap(flatten) : [value];
}
