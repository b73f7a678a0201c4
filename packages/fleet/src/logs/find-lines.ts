import { isAscii } from "node:buffer";
import { LOG_PIECE_BYTES, type LogSearch, SlipwayError } from "@slipway/contracts";
import { foldNeedle, indexOfFolded } from "./folded-search.ts";
import type { View } from "./visible-lines.ts";

/** How much of a log is searched at once: little enough that it stays near the processor between being read and searched. */
const CHUNK_BYTES = 1024 * 1024;

/** Holds a chunk while it is searched; one search at a time runs in a thread. */
const scratch = Buffer.alloc(CHUNK_BYTES + 2 * LOG_PIECE_BYTES);

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
  const finder = finderOf(search);
  for (let from = firstLine; from < index.count; ) {
    const place = index.start(from);
    const next = Math.max(index.lineFrom(place + CHUNK_BYTES), from + 1);
    const last = next - 1;
    const chunk = log.read(place, index.start(last) + index.length(last) - place, scratch);
    const lines = { view: { index, isVisible }, from, to: next, place };
    if (finder === null) eachLine(chunk, lines, isMatch, found);
    else eachPlace(chunk, finder, lines, found);
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

/** Where a text stands next in bytes, from a place on; -1 when nowhere. */
type Finder = (bytes: Buffer, from: number) => number;

/** What finds the text byte by byte; null when lines must be looked at as texts. */
function finderOf({ text, isPattern, isCaseSensitive }: LogSearch): Finder | null {
  if (isPattern) return null;
  const wanted = Buffer.from(text, "utf8");
  if (isCaseSensitive) return (bytes, from) => bytes.indexOf(wanted, from);
  // Only of ASCII are the bytes of both cases as many, and found without regard to what stands around them.
  if (!isAscii(wanted)) return null;
  const needle = foldNeedle(text);
  return (bytes, from) => indexOfFolded(bytes, needle, from);
}

function eachPlace(chunk: Buffer, next: Finder, { view, from, to, place }: Lines, found: number[]): void {
  const { index, isVisible } = view;
  for (let line = from; line < to; line += 1) {
    // What may not be seen need not be looked through.
    if (!isVisible(line)) continue;
    const at = next(chunk, index.start(line) - place);
    if (at === -1) return;
    const before = line;
    while (line + 1 < to && index.start(line + 1) - place <= at) line += 1;
    if (line === before || isVisible(line)) found.push(line);
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
