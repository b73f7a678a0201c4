import { readFileSync } from "node:fs";
import * as z from "zod";
import { causeOf } from "./disk-trouble.ts";

/** A process that can be told from any later one that gets its pid. `startTime` is in clock ticks since boot (proc(5), field 22). */
export const processIdentity = z.object({ pid: z.int().positive(), startTime: z.string() });
export type ProcessIdentity = z.infer<typeof processIdentity>;

/** The kernel's clock ticks, as it tells times to programs: 100 a second on every system that Linux runs on. */
const TICK_MS = 10;

/** The start time of a process in the kernel's own words; null when there is none (or it is a zombie). */
export function startTimeOf(pid: number): string | null {
  return statOf(pid)?.[19] ?? null;
}

/** Processor time that a process has used so far, in user and kernel mode together, in milliseconds; null when it is gone. */
export function cpuMsOf(pid: number): number | null {
  const fields = statOf(pid);
  return fields === null ? null : (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** What the kernel says of a living process, from its state (proc(5), field 3) on. */
function statOf(pid: number): string[] | null {
  try {
    return readStat(pid);
  } catch {
    return null;
  }
}

/** @throws what the file system says, which is ENOENT or ESRCH for a process that is gone */
function readStat(pid: number): string[] | null {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The command's name stands in brackets and may hold anything, so fields are counted from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? null : fields;
}

/** This process, or the one with the given pid; null when it is gone. */
export function identify(pid: number = process.pid): ProcessIdentity | null {
  const startTime = startTimeOf(pid);
  return startTime === null ? null : { pid, startTime };
}

/**
 * True only while the very process that was recorded runs. Where the kernel cannot be asked (no file can be opened just now), a
 * process with this number counts as the recorded one: what is not known to be gone is not started a second time.
 */
export function isRunning(identity: ProcessIdentity): boolean {
  try {
    return readStat(identity.pid)?.[19] === identity.startTime;
  } catch (error) {
    return !["ENOENT", "ESRCH"].includes(causeOf(error)) && exists(identity.pid);
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return causeOf(error) === "EPERM";
  }
}

/** Signals a process, and the group that it leads, if it is provably the recorded one. Returns whether a signal was sent. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals, options: { group: boolean }): boolean {
  // Not `isRunning`: what cannot be proven to be the recorded process is not signalled.
  if (startTimeOf(identity.pid) !== identity.startTime) return false;
  try {
    process.kill(options.group ? -identity.pid : identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}
