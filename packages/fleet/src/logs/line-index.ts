import { LOG_PIECE_BYTES, type LogLevel } from "@slipway/contracts";
import { LineHeads } from "./line-head.ts";
import { readRunMark } from "./run-marks.ts";
import { timeOfLine } from "./time-of-line.ts";

/** Whom a line is for, when it is not of a model (whose number is 0 or more). */
export const OF_PROCESS = -1;
export const OF_NOBODY = -2;

/** Severities as the index keeps them; 0 = the line does not say. */
export const LEVEL_CODES: Readonly<Record<LogLevel, number>> = { debug: 1, info: 2, warn: 3, error: 4 };
const LEVEL_BY_WORD: ReadonlyMap<string, number> = new Map(Object.entries({ ...LEVEL_CODES, trace: 1, fatal: 4 }));

/** How much of a line is looked at for its severity, time and model. */
const HEAD_BYTES = 16 * 1024;
const LEVEL = /"level":"(\w{1,10})"/;
const MODEL = /"model(?:Uid)?":"([^"\\]{1,253})"/;
const SCOPE = '"scope":"process"';
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** Numbers for the names of models, shared by all indexes of a reader. */
export class ModelNumbers {
  readonly #numbers = new Map<string, number>();

  /** The number of a name, a new one for a name not met before. */
  of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /** The number of a name that some line has; undefined when none has. */
  find(name: string): number | undefined {
    return this.#numbers.get(name);
  }
}

/** What is taken in at once: its bytes, the same with a character a byte, and where it begins. */
type Chunk = { bytes: Buffer; text: string; base: number };

/** A run as it stands in one log: `from` is the number of its first line, `to` that of the line after its last. */
export type IndexedRun = { startedAtMs: number; from: number; endedAtMs: number | null; exit: string | null };

/**
 * Where each line of one log is, when it was written, how severe it is and whom it is for: about 25 bytes a line, so that
 * no question reads a text that it does not need. Lines are numbered from 0 in the order of the log; places are absolute.
 */
export class LineIndex {
  readonly runs: IndexedRun[] = [];
  /** Models that some line is of. */
  readonly models = new Set<number>();
  #count = 0;
  #capacity = 1_024;
  #starts = new Float64Array(this.#capacity);
  #lengths = new Uint32Array(this.#capacity);
  #times = new Float64Array(this.#capacity);
  #levels = new Uint8Array(this.#capacity);
  #owners = new Int32Array(this.#capacity);
  #continued = new Uint8Array(this.#capacity);
  readonly #numbers: ModelNumbers;
  readonly #heads = new LineHeads();
  /** Where the text ends that has been read. */
  end: number;
  #lastMs = 0;

  constructor(base: number, numbers: ModelNumbers) {
    this.end = base;
    this.#numbers = numbers;
  }

  get count(): number {
    return this.#count;
  }
  start(line: number): number {
    return line < this.#count ? (this.#starts[line] ?? this.end) : this.end;
  }
  length(line: number): number {
    return this.#lengths[line] ?? 0;
  }
  /** Never smaller than that of the line before, so that lines of several logs have one order. */
  time(line: number): number {
    return this.#times[line] ?? 0;
  }
  level(line: number): number {
    return this.#levels[line] ?? 0;
  }
  owner(line: number): number {
    return this.#owners[line] ?? OF_NOBODY;
  }
  isContinued(line: number): boolean {
    return this.#continued[line] === 1;
  }

  /** Takes in the whole lines of what follows the text read so far; a last line without its end waits for it. */
  add(bytes: Buffer): void {
    const chunk = { bytes, text: bytes.toString("latin1"), base: this.end };
    let start = 0;
    for (let end = chunk.text.indexOf("\n"); end !== -1; end = chunk.text.indexOf("\n", start)) {
      this.#addLine(chunk, start, end);
      start = end + 1;
    }
    // A line that has outgrown a piece is not waited for.
    start = this.#addPieces(chunk, start, bytes.length);
    this.end = chunk.base + start;
  }

  /** The number of the first line that begins at this place or after it. */
  lineFrom(place: number): number {
    return firstWhere(this.#count, (line) => this.start(line) >= place);
  }

  /** The number of the first line of this time or later. */
  lineSince(atMs: number): number {
    return firstWhere(this.#count, (line) => this.time(line) >= atMs);
  }

  #addLine(chunk: Chunk, from: number, end: number): void {
    const start = this.#addPieces(chunk, from, end);
    if (end > start) this.#push(chunk, start, end, false);
  }

  /** Takes in what of a line is more than a piece; answers where its rest begins. */
  #addPieces(chunk: Chunk, from: number, end: number): number {
    let start = from;
    while (end - start > LOG_PIECE_BYTES) {
      const piece = pieceEnd(chunk.bytes, start);
      this.#push(chunk, start, piece, true);
      start = piece;
    }
    return start;
  }

  #push({ text, base }: Chunk, start: number, end: number, isContinued: boolean): void {
    if (this.#count === this.#capacity) this.#grow();
    const line = this.#count;
    const isRest = line > 0 && this.isContinued(line - 1);
    this.#starts[line] = base + start;
    this.#lengths[line] = end - start;
    this.#continued[line] = isContinued ? 1 : 0;
    if (isRest) {
      this.#levels[line] = this.level(line - 1);
      this.#owners[line] = this.owner(line - 1);
    } else if (text.startsWith("{", start)) this.#readHead(line, text, start, end);
    else {
      this.#levels[line] = 0;
      this.#owners[line] = OF_NOBODY;
    }
    this.#times[line] = this.#lastMs;
    this.#count += 1;
  }

  #readHead(line: number, text: string, start: number, end: number): void {
    const said = this.#heads.read(text, start);
    if (said === null) {
      this.#lookThrough(line, text.slice(start, Math.min(end, start + HEAD_BYTES)));
      return;
    }
    this.#lastMs = Math.max(this.#lastMs, said.atMs);
    this.#levels[line] = LEVEL_BY_WORD.get(said.level) ?? 0;
    this.#own(line, said.model);
  }

  #own(line: number, model: string): void {
    const owner = this.#numbers.of(model);
    this.#owners[line] = owner;
    this.models.add(owner);
  }

  #lookThrough(line: number, head: string): void {
    this.#lastMs = Math.max(this.#lastMs, timeOfLine(head) ?? 0);
    this.#levels[line] = LEVEL_BY_WORD.get(LEVEL.exec(head)?.[1] ?? "") ?? 0;
    const model = MODEL.exec(head)?.[1];
    if (model !== undefined) {
      this.#own(line, model);
      return;
    }
    // What is meant for everybody must name nobody.
    this.#owners[line] = head.includes(SCOPE) && !UUID.test(head) ? OF_PROCESS : OF_NOBODY;
    const mark = readRunMark(head);
    if (mark?.event === "started") {
      this.runs.push({ startedAtMs: this.#lastMs, from: line, endedAtMs: null, exit: null });
    } else if (mark?.event === "ended") {
      const run = this.runs.at(-1);
      if (run !== undefined && run.endedAtMs === null) Object.assign(run, { endedAtMs: this.#lastMs, exit: mark.exit });
    }
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#starts = grown(this.#starts, new Float64Array(this.#capacity));
    this.#lengths = grown(this.#lengths, new Uint32Array(this.#capacity));
    this.#times = grown(this.#times, new Float64Array(this.#capacity));
    this.#levels = grown(this.#levels, new Uint8Array(this.#capacity));
    this.#owners = grown(this.#owners, new Int32Array(this.#capacity));
    this.#continued = grown(this.#continued, new Uint8Array(this.#capacity));
  }
}

function grown<Numbers extends { set(from: Numbers): void }>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

/** Where a piece of a long line ends: at the limit, or before the character that the limit would cut. */
function pieceEnd(bytes: Buffer, start: number): number {
  let end = start + LOG_PIECE_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80 && end > start + LOG_PIECE_BYTES - 4) end -= 1;
  return end;
}

/** The first number below `count` for which `holds` is true, given that it stays true; `count` when there is none. */
export function firstWhere(count: number, holds: (line: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
