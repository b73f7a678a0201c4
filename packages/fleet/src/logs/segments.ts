import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * A file of a log. A log is one long text of which the oldest part is no longer there: `base` is where the file begins in
 * it, so a place in a log stays the same when its file is put aside.
 */
export type Segment = { path: string; base: number; bytes: number; end: number };

/** Where the part of a log lies that begins at `base` and was put aside. */
export function segmentPath(path: string, base: number): string {
  return `${path}.${base}`;
}

/** Where a part lies while it is being put aside. */
export function partOf(path: string, base: number): string {
  return `${path}.${base}.part`;
}

/** The files of a log that were put aside, the oldest first. */
export function olderSegments(path: string): Segment[] {
  const prefix = `${basename(path)}.`;
  const folder = dirname(path);
  return list(folder)
    .flatMap((name) => {
      const base = name.startsWith(prefix) ? name.slice(prefix.length) : "";
      const file = join(folder, name);
      const bytes = /^\d{1,15}$/.test(base) ? sizeOf(file) : null;
      return bytes === null ? [] : [{ path: file, base: Number(base), bytes, end: Number(base) + bytes }];
    })
    .sort((left, right) => left.base - right.base);
}

/** All files of a log, the oldest first; the last one is being written. */
export function segmentsOf(path: string): Segment[] {
  const older = olderSegments(path);
  const base = older.at(-1)?.end ?? 0;
  const bytes = sizeOf(path);
  return bytes === null ? older : [...older, { path, base, bytes, end: base + bytes }];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}
