import { closeSync, openSync, readSync } from "node:fs";
import { LineIndex, type ModelNumbers } from "./line-index.ts";
import { type Segment, segmentsOf } from "./segments.ts";

/** How much is taken in at once. */
const CHUNK_BYTES = 4 * 1024 * 1024;
/** A chunk in which no line ends is read again as a larger one. */
const GROWTH = 2;

/** The log of one process of a replica, with the index of its lines. */
export class ProcessLog {
  readonly path: string;
  readonly #numbers: ModelNumbers;
  #index: LineIndex;
  #segments: Segment[] = [];
  #firstLine = 0;
  #wasShorter = false;

  constructor(path: string, numbers: ModelNumbers) {
    this.path = path;
    this.#numbers = numbers;
    this.#segments = segmentsOf(path);
    this.#index = new LineIndex(this.#segments[0]?.base ?? 0, numbers);
  }

  get index(): LineIndex {
    return this.#index;
  }

  /** The number of the first line that is still kept. */
  get firstLine(): number {
    return this.#firstLine;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Takes in what has been written since the last time, and forgets what has been removed. */
  refresh(): void {
    this.#segments = segmentsOf(this.path);
    const end = this.#segments.at(-1)?.end ?? 0;
    const base = this.#segments[0]?.base ?? 0;
    if (end < this.#index.end) {
      // A file that is just being put aside is shorter for a moment; one that stays so is another log.
      if (this.#wasShorter) this.#index = new LineIndex(base, this.#numbers);
      this.#wasShorter = !this.#wasShorter;
      if (this.#wasShorter) return;
    } else this.#wasShorter = false;
    // What was removed before it was read is gone; lines that were half read go with it.
    if (this.#index.end < base) this.#index = new LineIndex(base, this.#numbers);
    for (let size = CHUNK_BYTES; this.#index.end < end; ) {
      const before = this.#index.end;
      this.#index.add(this.read(before, Math.min(size, end - before)));
      if (this.#index.end > before) size = CHUNK_BYTES;
      else if (before + size >= end) break;
      else size *= GROWTH;
    }
    this.#firstLine = this.#index.lineFrom(base);
  }

  /** The bytes at a place of the log, also across its files; fewer when the log ends before. They lie in `into` if it has room. */
  read(place: number, length: number, into?: Buffer): Buffer {
    const bytes = into !== undefined && into.length >= length ? into : Buffer.allocUnsafe(length);
    let filled = 0;
    for (const segment of this.#segments) {
      const from = place + filled;
      if (filled === length || from < segment.base) break;
      if (from >= segment.end) continue;
      const wanted = Math.min(length - filled, segment.end - from);
      const got = readInto(segment.path, bytes, filled, wanted, from - segment.base);
      filled += got;
      if (got < wanted) break;
    }
    return bytes.subarray(0, filled);
  }

  /** The text of a line. */
  text(line: number): string {
    return this.read(this.#index.start(line), this.#index.length(line)).toString("utf8");
  }
}

function readInto(path: string, bytes: Buffer, offset: number, length: number, position: number): number {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return 0;
  }
  try {
    return readSync(file, bytes, offset, length, position);
  } finally {
    closeSync(file);
  }
}
