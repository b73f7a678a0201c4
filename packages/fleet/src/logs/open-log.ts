import { copyFileSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync, truncateSync } from "node:fs";
import { dirname } from "node:path";

/** How large a log file grows before it is put aside, and how many older ones are kept beside it. */
export type LogLimits = { maxBytes: number; keep: number };

export const DEFAULT_LOG_LIMITS: LogLimits = { maxBytes: 16 * 1024 * 1024, keep: 3 };

/** The name of the n-th older file of a log; 1 is the youngest. */
export function olderLog(path: string, age: number): string {
  return `${path}.${age}`;
}

/** Opens a log to append to, readable by its owner alone; one that has grown too large is put aside first. */
export function openLog(path: string, limits: LogLimits): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (isTooLarge(path, limits)) {
    makeRoom(path, limits);
    renameSync(path, olderLog(path, 1));
  }
  return openSync(path, "a", 0o600);
}

/**
 * Puts a log aside while processes write to it: its text is copied and the file emptied. Lines written in between are
 * lost; that is the price of a file which its writer never reopens.
 */
export function trimLog(path: string, limits: LogLimits): void {
  if (!isTooLarge(path, limits)) return;
  makeRoom(path, limits);
  copyFileSync(path, olderLog(path, 1));
  truncateSync(path);
}

function isTooLarge(path: string, limits: LogLimits): boolean {
  return existsSync(path) && statSync(path).size > limits.maxBytes;
}

function makeRoom(path: string, limits: LogLimits): void {
  rmSync(olderLog(path, limits.keep), { force: true });
  for (let age = limits.keep - 1; age >= 1; age -= 1) {
    if (existsSync(olderLog(path, age))) renameSync(olderLog(path, age), olderLog(path, age + 1));
  }
}
