import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { monitored } from "@slipway/service-kit";
import { olderSegments, partOf, segmentPath } from "./segments.ts";
import { timeOfLine } from "./time-of-line.ts";

/** What is kept of a process's log. */
export type LogLimits = {
  /** A file that has grown to this is put aside. */
  fileBytes: number;
  /** The oldest files go when all of a log together are larger than this. */
  totalBytes: number;
  /** A file goes when its newest line is older than this, in milliseconds. */
  keepMs: number;
};

const DAY_MS = 86_400_000;
export const DEFAULT_LOG_LIMITS: LogLimits = {
  fileBytes: 16 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
  keepMs: 14 * DAY_MS,
};
/** A file is put aside at so many parts of the time that lines are kept, so that age removes them in small steps. */
const AGE_STEPS = 14;
const NEWLINE = 0x0a;

/** Opens a log to append to, readable by its owner alone. Begins a line, whatever a process that died left unfinished. */
export function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "a+", 0o600);
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE) writeLine(file, "");
  return file;
}

/** Adds one line to a log that other processes may write to as well. A line that the disk does not take is lost and counted. */
export function appendToLog(path: string, line: string): void {
  try {
    const file = openLog(path);
    try {
      writeLine(file, line);
    } finally {
      closeSync(file);
    }
  } catch {
    monitored.lostLogLines += 1;
  }
}

/** The same for a log that is open. */
export function writeLine(file: number, line: string): void {
  try {
    writeSync(file, `${line}\n`);
  } catch {
    monitored.lostLogLines += 1;
  }
}

/**
 * Keeps a log within its limits while processes write to it: a file that is large or old enough is copied aside and
 * emptied, and files beyond the limits are removed. Between the end of the copy and the emptying is next to no time, but
 * what is written in it is lost; that is the price of a file which its writer never reopens. A disk that lets nothing be done
 * is told by the answer, never thrown: the next time may go better. Old files are removed first, which makes room.
 */
export function trimLog(path: string, limits: LogLimits, nowMs: number): boolean {
  try {
    repair(path);
    removeBeyond(path, limits, nowMs);
    if (existsSync(path) && isDue(path, limits, nowMs)) {
      putAside(path);
      removeBeyond(path, limits, nowMs);
    }
    return true;
  } catch {
    monitored.failedStateWrites += 1;
    return false;
  }
}

function isDue(path: string, limits: LogLimits, nowMs: number): boolean {
  const { size, mtimeMs } = statSync(path);
  if (size === 0) return false;
  if (size >= limits.fileBytes || nowMs - mtimeMs > limits.keepMs) return true;
  return nowMs - (firstTime(path) ?? nowMs) > limits.keepMs / AGE_STEPS;
}

function putAside(path: string): void {
  const older = olderSegments(path);
  const base = older.at(-1)?.end ?? 0;
  const part = partOf(path, base);
  const { mtime } = statSync(path);
  try {
    copyFileSync(path, part);
    copyRest(path, part);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  // Emptied before the copy counts: a reader in between misses lines for a moment instead of seeing them twice.
  truncateSync(path);
  renameSync(part, segmentPath(path, base));
  utimesSync(segmentPath(path, base), mtime, mtime);
}

/** Copies what has been written since the copy. */
function copyRest(path: string, part: string): void {
  const from = openSync(path, "r");
  const to = openSync(part, "r+");
  try {
    const buffer = Buffer.allocUnsafe(64 * 1024);
    for (let at = fstatSync(to).size; ; ) {
      const length = readSync(from, buffer, 0, buffer.length, at);
      if (length === 0) return;
      writeSync(to, buffer, 0, length, at);
      at += length;
    }
  } finally {
    closeSync(from);
    closeSync(to);
  }
}

/** Ends what a process that died while it put a log aside had begun. */
function repair(path: string): void {
  const base = olderSegments(path).at(-1)?.end ?? 0;
  const part = partOf(path, base);
  if (!existsSync(part)) return;
  const current = existsSync(path) ? statSync(path).size : 0;
  if (current < statSync(part).size) renameSync(part, segmentPath(path, base));
  else rmSync(part, { force: true });
}

function removeBeyond(path: string, limits: LogLimits, nowMs: number): void {
  const older = olderSegments(path);
  let total = (existsSync(path) ? statSync(path).size : 0) + older.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const [index, { path: file, bytes, end }] of older.entries()) {
    const isTooOld = nowMs - statSync(file).mtimeMs > limits.keepMs;
    if (!isTooOld && total <= limits.totalBytes) return;
    total -= bytes;
    if (index < older.length - 1) rmSync(file, { force: true });
    else if (bytes > 0) {
      // The newest one says where the current file begins, so an empty one stays in its place.
      truncateSync(file);
      renameSync(file, segmentPath(path, end));
    }
  }
}

/** When the oldest line of a file that says so was written. */
function firstTime(path: string): number | null {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(256);
    return timeOfLine(head.toString("latin1", 0, readSync(file, head, 0, head.length, 0)));
  } finally {
    closeSync(file);
  }
}
