import { readFileSync } from "node:fs";
import type { Exit } from "@slipway/fleet";
import * as z from "zod";

const models = z.array(z.object({ name: z.string(), version: z.string() })).default([]);

/** What a model server keeps in its crash file: who could be to blame if it died now. */
const crashFile = z.object({ loading: models, running: models });

/** Keys of the models that were loading or running when a model server wrote its crash file last. */
export function readSuspects(path: string): string[] {
  try {
    const { loading, running } = crashFile.parse(JSON.parse(readFileSync(path, "utf8")));
    return [...new Set([...loading, ...running].map(({ name, version }) => `${name}/${version}`))];
  } catch {
    return [];
  }
}

/** What is known of the end of a model server. `exit` is null for one that was adopted, which is not a child. */
export type ServerEnd = { exit: Exit | null; wasHung: boolean; outOfMemoryKills: number };

/**
 * Whether a model may be to blame. Nobody can end their own process by SIGKILL or SIGTERM, so these came from outside,
 * and are held against no model unless the kernel ended a process for its memory meanwhile or the server hung.
 */
export function isModelsFault({ exit, wasHung, outOfMemoryKills }: ServerEnd): boolean {
  if (wasHung || outOfMemoryKills > 0) return true;
  if (exit === null || exit.code === 0) return false;
  return exit.signal === null || !["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"].includes(exit.signal);
}

/** Processes that the kernel of this machine has ended for want of memory since it started; 0 where it does not say. */
export function outOfMemoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
