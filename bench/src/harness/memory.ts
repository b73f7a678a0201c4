import { readFileSync } from "node:fs";

/**
 * Proportional set size of a process in bytes: its own memory and its share of what it shares (proc(5), smaps_rollup).
 * Null when the process is gone or may not be read.
 */
export function proportionalSetSize(pid: number): number | null {
  try {
    const match = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
    return match?.[1] === undefined ? null : Number(match[1]) * 1024;
  } catch {
    return null;
  }
}

/** A process and all its descendants, found by the parent that each process of the machine names. */
export function withDescendants(root: number, parentOf: ReadonlyMap<number, number>): number[] {
  const found = [root];
  for (let index = 0; index < found.length; index += 1) {
    for (const [pid, parent] of parentOf) if (parent === found[index]) found.push(pid);
  }
  return found;
}
