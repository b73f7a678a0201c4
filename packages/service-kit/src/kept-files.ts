import { closeSync, fstatSync, openSync, rmSync, writeSync } from "node:fs";
import { type Clock, systemClock } from "./clock.ts";
import { writeFileAtomically } from "./data-dir.ts";
import { causeOf, monitored } from "./disk-trouble.ts";

/** How often what could not be written is tried again, in milliseconds. */
const RETRY_MS = 1_000;

/** Up to this a file has the block that it lies in to itself, so that writing over it needs no room. */
const BLOCK_BYTES = 4_096;

/** A file that is not as it should be, and why. */
export type FileBehind = { path: string; cause: string };

/** Told when the first file falls behind (with its cause), and when none is behind any more (null). */
export type KeptFilesListener = (behind: FileBehind | null) => void;

/**
 * Files in which a process notes what it would like to know after a restart: its record, tables, epochs, ledgers. A disk that
 * does not take them must not end the work that they are about, so writing one never throws: what fails is tried again each
 * second, the newest text first, until the disk takes it.
 */
export class KeptFiles {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, { text: string; mode: number; cause: string }>();
  readonly #listeners = new Set<KeptFilesListener>();
  #isScheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Puts the text on file, now or as soon as the disk takes it. True when it is there already. */
  write(path: string, text: string, mode = 0o600): boolean {
    const wasWell = this.#waiting.size === 0;
    if (this.#try(path, text, mode)) return true;
    if (wasWell) this.#tell();
    this.#retryLater();
    return false;
  }

  /** Removes the file, and what waits to be written to it. */
  remove(path: string): void {
    this.#waiting.delete(path);
    try {
      rmSync(path, { force: true });
    } catch {
      monitored.failedStateWrites += 1;
    }
  }

  /** What should stand in the file and does not; null when the file is as it should be. */
  waitingText(path: string): string | null {
    return this.#waiting.get(path)?.text ?? null;
  }

  /** The files that are not as they should be. */
  behind(): FileBehind[] {
    return [...this.#waiting].map(([path, { cause }]) => ({ path, cause }));
  }

  /** Tells of trouble and its end, until the returned function is called. */
  watch(listener: KeptFilesListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #try(path: string, text: string, mode: number): boolean {
    try {
      writeInAnyRoom(path, text, mode);
      this.#waiting.delete(path);
      return true;
    } catch (error) {
      monitored.failedStateWrites += 1;
      this.#waiting.set(path, { text, mode, cause: causeOf(error) });
      return false;
    }
  }

  #retryLater(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.after(RETRY_MS, () => {
      this.#isScheduled = false;
      if (this.#waiting.size === 0) return;
      for (const [path, { text, mode }] of [...this.#waiting]) this.#try(path, text, mode);
      if (this.#waiting.size > 0) this.#retryLater();
      else this.#tell();
    });
  }

  #tell(): void {
    const [first = null] = this.behind();
    for (const listener of this.#listeners) listener(first);
  }
}

/**
 * Writes a file beside the old one and renames it; on a full disk over the old one, in a single call, so that processes still
 * find each other there. The rest of the old text becomes spaces, which end every text that is kept.
 */
function writeInAnyRoom(path: string, text: string, mode: number): void {
  try {
    writeFileAtomically(path, text, mode);
  } catch (error) {
    if (!["ENOSPC", "EDQUOT"].includes(causeOf(error)) || !overwrite(path, text)) throw error;
  }
}

function overwrite(path: string, text: string): boolean {
  try {
    const file = openSync(path, "r+");
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.from(text);
      if (size === 0 || bytes.length > BLOCK_BYTES) return false;
      const padded = Buffer.concat([bytes, Buffer.alloc(Math.max(0, size - bytes.length), " ")]);
      return writeSync(file, padded, 0, padded.length, 0) === padded.length;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** Those of this process. */
export const keptFiles = new KeptFiles(systemClock);
