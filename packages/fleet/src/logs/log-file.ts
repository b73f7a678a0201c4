import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { TextDecoder } from "node:util";
import type { LogLine } from "../driver.ts";
import { olderLog } from "./open-log.ts";

/** The longest line that a reader gets; what is beyond is cut off. */
export const MAX_LINE_BYTES = 64 * 1024;
/** How much is read of a file for its newest lines, and at once when following. */
const MAX_READ_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Reads one process's log: its newest lines, then what is written after, across rotation. */
export class LogFile {
  readonly #path: string;
  readonly #source: LogLine["source"];
  #inode = 0n;
  #position = 0;
  /** Bytes of a line whose end has not been written yet. */
  #rest: Buffer = Buffer.alloc(0);
  #lastAtMs = 0;

  constructor(path: string, source: LogLine["source"]) {
    this.#path = path;
    this.#source = source;
  }

  /** The newest whole lines of the file and, when it holds fewer, of older ones. Later reads go on from here. */
  readTail(limit: number): LogLine[] {
    const current = this.#readNewest(this.#path, true);
    let lines = current;
    for (let age = 1; lines.length < limit && existsSync(olderLog(this.#path, age)); age += 1) {
      lines = [...this.#readNewest(olderLog(this.#path, age), false), ...lines];
    }
    const newest = limit === 0 ? [] : lines.slice(-limit);
    return this.#toLines(newest);
  }

  /** Whole lines written since the last read. */
  readNew(): LogLine[] {
    if (!existsSync(this.#path)) return [];
    const file = openSync(this.#path, "r");
    try {
      const { size, ino } = fstatSync(file, { bigint: true });
      if (ino !== this.#inode || Number(size) < this.#position) {
        this.#inode = ino;
        this.#position = 0;
        this.#rest = Buffer.alloc(0);
      }
      const length = Math.min(Number(size) - this.#position, MAX_READ_BYTES);
      if (length <= 0) return [];
      const chunk = readAt(file, this.#position, length);
      this.#position += chunk.length;
      return this.#toLines(this.#split(Buffer.concat([this.#rest, chunk])));
    } finally {
      closeSync(file);
    }
  }

  #readNewest(path: string, isCurrent: boolean): Buffer[] {
    if (!existsSync(path)) return [];
    const file = openSync(path, "r");
    try {
      const { size, ino } = fstatSync(file, { bigint: true });
      const start = Math.max(0, Number(size) - MAX_READ_BYTES);
      const bytes = readAt(file, start, Number(size) - start);
      // A read that begins inside the file begins inside a line.
      const whole = start === 0 ? bytes : bytes.subarray(bytes.indexOf(NEWLINE) + 1);
      if (!isCurrent) return splitLines(whole).lines;
      this.#inode = ino;
      this.#position = start + bytes.length;
      return this.#split(whole);
    } finally {
      closeSync(file);
    }
  }

  #split(bytes: Buffer): Buffer[] {
    const { lines, rest } = splitLines(bytes);
    this.#rest = Buffer.from(rest.subarray(0, MAX_LINE_BYTES));
    return lines;
  }

  #toLines(lines: readonly Buffer[]): LogLine[] {
    return lines.map((bytes) => {
      const text = new TextDecoder().decode(bytes.subarray(0, MAX_LINE_BYTES));
      this.#lastAtMs = timeOfLine(text) ?? this.#lastAtMs;
      return { source: this.#source, atMs: this.#lastAtMs, text };
    });
  }
}

/** When a line of our own loggers was written; null for any other text. */
function timeOfLine(text: string): number | null {
  const stamp = /"time":"([^"]{1,40})"/.exec(text)?.[1];
  const atMs = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isNaN(atMs) ? null : atMs;
}

function readAt(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, position));
}

function splitLines(bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    if (end > start) lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return { lines, rest: bytes.subarray(start) };
}
