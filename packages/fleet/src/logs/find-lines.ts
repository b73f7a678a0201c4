import { isAscii } from "node:buffer";
import { type LogSearch, SlipwayError } from "@slipway/contracts";
import type { View } from "./visible-lines.ts";

/** How much of a log is searched at once. */
const CHUNK_BYTES = 16 * 1024 * 1024;

/** Whether a line's text is what is looked for. @throws request/invalid for a pattern that is none */
export function matcherOf({ text, isPattern, isCaseSensitive }: LogSearch): (line: string) => boolean {
  if (!isPattern) {
    if (isCaseSensitive) return (line) => line.includes(text);
    const wanted = text.toLowerCase();
    return (line) => line.toLowerCase().includes(wanted);
  }
  const pattern = compile(text, isCaseSensitive);
  return (line) => pattern.test(line);
}

function compile(text: string, isCaseSensitive: boolean): RegExp {
  try {
    return new RegExp(text, isCaseSensitive ? "" : "i");
  } catch (error) {
    const problem = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    throw new SlipwayError(
      "request/invalid",
      { problem: `The pattern cannot be read: ${problem}.` },
      { field: "search" },
    );
  }
}

/**
 * The numbers of the lines that may be seen and in which the search finds something, ascending. Works on the bytes of the
 * files: plain text is looked for in a whole chunk at once, and only lines that hold it are looked up.
 */
export function findLines({ log, isVisible }: View, search: LogSearch, firstLine = log.firstLine): number[] {
  const { index } = log;
  const found: number[] = [];
  const isMatch = matcherOf(search);
  const needle = needleOf(search);
  for (let from = firstLine; from < index.count; ) {
    const place = index.start(from);
    const next = Math.max(index.lineFrom(place + CHUNK_BYTES), from + 1);
    const last = next - 1;
    const chunk = log.read(place, index.start(last) + index.length(last) - place);
    const lines = { view: { index, isVisible }, from, to: next, place };
    if (needle === null) eachLine(chunk, lines, isMatch, found);
    else eachPlace(needle.fold ? foldCase(chunk) : chunk, needle.text, lines, found);
    from = next;
  }
  return found;
}

type Lines = {
  view: Pick<View, "isVisible"> & { index: View["log"]["index"] };
  from: number;
  to: number;
  place: number;
};

/** What to look for byte by byte; null when lines must be looked at as texts. */
function needleOf({ text, isPattern, isCaseSensitive }: LogSearch): { text: Buffer | string; fold: boolean } | null {
  if (isPattern) return null;
  if (isCaseSensitive) return { text: Buffer.from(text, "utf8"), fold: false };
  // Only of ASCII are the bytes of both cases as many, and found without regard to what stands around them.
  return isAscii(Buffer.from(text, "utf8")) ? { text: text.toLowerCase(), fold: true } : null;
}

/** The bytes as one character each, in small letters. */
function foldCase(bytes: Buffer): string {
  return bytes.toString("latin1").toLowerCase();
}

function eachPlace(chunk: Buffer | string, needle: Buffer | string, lines: Lines, found: number[]): void {
  const { view, place } = lines;
  const next = (from: number): number =>
    typeof chunk === "string" ? chunk.indexOf(String(needle), from) : chunk.indexOf(needle, from);
  let line = lines.from;
  for (let at = next(0); at !== -1; ) {
    while (line + 1 < lines.to && view.index.start(line + 1) - place <= at) line += 1;
    if (view.isVisible(line)) found.push(line);
    line += 1;
    if (line >= lines.to) return;
    at = next(view.index.start(line) - place);
  }
}

function eachLine(
  chunk: Buffer,
  { view, from, to, place }: Lines,
  isMatch: (line: string) => boolean,
  found: number[],
) {
  // One character a byte lets every line be a slice of one text instead of a text of its own.
  const whole = isAscii(chunk) ? chunk.toString("latin1") : null;
  for (let line = from; line < to; line += 1) {
    if (!view.isVisible(line)) continue;
    const start = view.index.start(line) - place;
    const end = start + view.index.length(line);
    if (isMatch(whole === null ? chunk.toString("utf8", start, end) : whole.slice(start, end))) found.push(line);
  }
}
