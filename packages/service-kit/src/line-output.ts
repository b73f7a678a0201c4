import { writeSync } from "node:fs";
import { causeOf, monitored } from "./disk-trouble.ts";

/** How long a line waits for a reader that is slow, in steps of a millisecond; the lines after it wait for nothing. */
const PATIENCE_MS = 100;
const NEWLINE = 0x0a;

export type LineOutputDeps = {
  /** Writes a part of a line and says how many bytes it was; `writeSync` of the file. */
  write?: (bytes: Uint8Array) => number;
  /** The name that stands in the line which tells of lost ones. */
  name: string;
};

/**
 * Writes the lines of a log where nobody can help when it fails: on a full disk, a broken one, or behind a reader that has
 * left or sleeps. A line that cannot be written is counted and lost, and never an error of whoever wrote it. The first line
 * after that says how many there were, and begins on a line of its own whatever the last one left unfinished.
 */
export function lineOutput(file: number, { name, write = (bytes) => writeSync(file, bytes) }: LineOutputDeps) {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let lost = 0;
  let why = "";
  let isHalf = false;

  /** Bytes that were written before it failed; the whole length when it did not. */
  function put(bytes: Uint8Array): boolean {
    let patience = lost === 0 ? PATIENCE_MS : 0;
    for (let done = 0; done < bytes.length; ) {
      try {
        done += write(done === 0 ? bytes : bytes.subarray(done));
      } catch (error) {
        const code = causeOf(error);
        if (code === "EAGAIN" && patience > 0) {
          patience -= 1;
          Atomics.wait(pause, 0, 0, 1);
          continue;
        }
        why = code;
        if (done > 0) isHalf = true;
        return false;
      }
    }
    isHalf = bytes.at(-1) !== NEWLINE;
    return true;
  }

  function tellOfLost(): boolean {
    const msg = `${lost} log lines could not be written before this one (${why}).`;
    const told = { level: "warn", time: new Date().toISOString(), name, lostLines: lost, msg };
    return put(Buffer.from(`${isHalf ? "\n" : ""}${JSON.stringify(told)}\n`));
  }

  return {
    write(line: string): void {
      if ((lost > 0 && !tellOfLost()) || !put(Buffer.from(line))) {
        lost += 1;
        monitored.lostLogLines += 1;
        return;
      }
      lost = 0;
    },
  };
}
