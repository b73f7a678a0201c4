import type { LogLine } from "@slipway/contracts";

/** A line as a person reads it. */
export type ReadableLine = {
  /** What it says. */
  message: string;
  /** What else it carries, in its order; values as text. */
  fields: readonly (readonly [key: string, value: string])[];
};

/** Fields that have a place of their own, or say the same of every line of a process. */
const ELSEWHERE = new Set(["level", "time", "msg", "pid", "hostname", "name", "requestId"]);

const read = new WeakMap<LogLine, ReadableLine>();

/** What a line says and carries: of JSON its message and fields, of any other text the text. Each line is read once. */
export function readLine(line: LogLine): ReadableLine {
  const known = read.get(line);
  if (known !== undefined) return known;
  const made = parse(line.text) ?? { message: line.text, fields: [] };
  read.set(line, made);
  return made;
}

function parse(text: string): ReadableLine | null {
  if (!text.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    const entries = Object.entries(value);
    const message = entries.find(([key]) => key === "msg")?.[1];
    const fields = entries.filter(([key]) => !ELSEWHERE.has(key)).map(([key, field]) => [key, inWords(field)] as const);
    return { message: message === undefined ? "" : inWords(message), fields };
  } catch {
    return null;
  }
}

function inWords(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
