import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock } from "@slipway/service-kit";
import * as fc from "fast-check";
import { type Area, type OpenArea, Violation } from "./area.ts";

export type RunOptions = {
  seed: number;
  count: number;
  /** Also watch what depends on time and memory, which a busy machine can break by itself. */
  isStrict: boolean;
  /** Go on after a broken invariant, and tell one input of each kind. */
  keepGoing?: boolean;
};

/** What broke, by the seed of its batch, and the smallest input found that breaks it. */
export type Failure = { problem: string; seed: number; input: Buffer | null };
type Figures = { inputs: number; seconds: number; longestWaitMs: number };
export type AreaResult = Figures & ({ ok: true } | { ok: false; failures: readonly Failure[] });

/** One batch has one seed, so a failure is found again in the time of a batch, not of the whole run. */
const BATCH = 1_000;
/** Nobody else waits longer while any one request is worked on. */
const LONGEST_WAIT_MS = 250;
/** How much more memory may be held after a run than after its first batch. */
const GROWN_BYTES = 192 * 1024 * 1024;
const MEMORY_RETURNS_MS = 30_000;
/** More kinds than this are not told of one area. */
const MOST_FAILURES = 12;

/** Tries an area with seeded inputs until one breaks an invariant, which is then made as small as it goes. */
export async function runArea(area: Area, options: RunOptions): Promise<AreaResult> {
  const open = await area.open();
  try {
    return await run(area, open, options);
  } finally {
    await open.close();
  }
}

/** One input of an earlier run again. */
export async function replay(area: Area, input: Buffer): Promise<AreaResult> {
  const open = await area.open();
  try {
    const longestWaitMs = await timed(open, input);
    return { ok: true, inputs: 1, seconds: longestWaitMs / 1000, longestWaitMs };
  } catch (error) {
    const failures = [{ problem: describe(error), seed: 0, input }];
    return { ok: false, inputs: 1, seconds: 0, longestWaitMs: 0, failures };
  } finally {
    await open.close();
  }
}

async function run(area: Area, open: OpenArea, options: RunOptions): Promise<AreaResult> {
  const { count, isStrict, keepGoing = false } = options;
  const startedMs = systemClock.monotonicMs();
  const figures: Figures = { inputs: 0, seconds: 0, longestWaitMs: 0 };
  const failures = new Map<string, Failure>();
  let memory: number | null = null;
  const bytes = area.bytes(isStrict);
  const isOver = () => figures.inputs >= count || failures.size >= (keepGoing ? MOST_FAILURES : 1);
  for (let batch = 0; !isOver(); batch += 1) {
    const seed = options.seed + batch;
    const check = async (input: Buffer) => {
      try {
        await checkOne(open, input, isStrict, figures);
      } catch (error) {
        if (!keepGoing) throw error;
        const problem = describe(error);
        const kind = problem.slice(0, 90).replace(/\d+/g, "0");
        const known = failures.get(kind)?.input;
        if (known === undefined || (known?.length ?? 0) > input.length) failures.set(kind, { problem, seed, input });
      }
    };
    const numRuns = Math.min(BATCH, count - figures.inputs);
    const result = await fc.check(fc.asyncProperty(bytes, check), { seed, numRuns });
    figures.inputs += result.numRuns;
    if (result.failed) {
      const [input = null] = result.counterexample ?? [];
      failures.set("", { problem: describe(result.errorInstance), seed, input });
    }
    memory ??= isStrict ? heldBytes(open) : null;
  }
  figures.seconds = (systemClock.monotonicMs() - startedMs) / 1000;
  const grown = memory === null ? 0 : await grownAtTheEnd(open, memory);
  if (grown > GROWN_BYTES) {
    const problem = `memory returns; seen: ${Math.round(grown / 1e6)} MB more than after the first batch`;
    failures.set("memory", { problem, seed: options.seed, input: null });
  }
  return failures.size === 0 ? { ...figures, ok: true } : { ...figures, ok: false, failures: [...failures.values()] };
}

async function checkOne(open: OpenArea, input: Buffer, isStrict: boolean, figures: Figures): Promise<void> {
  const waitedMs = await timed(open, input);
  figures.longestWaitMs = Math.max(figures.longestWaitMs, waitedMs);
  if (!isStrict || waitedMs <= LONGEST_WAIT_MS) return;
  // A machine that is busy with something else is no fault of the input: it has to be slow three times.
  const leastMs = Math.min(waitedMs, await timed(open, input), await timed(open, input));
  if (leastMs > LONGEST_WAIT_MS) {
    throw new Violation(`another request waits ${LONGEST_WAIT_MS} ms at most; seen: ${Math.round(leastMs)} ms`);
  }
}

/** How long somebody else waited, or would have waited, while one input was worked on. */
async function timed(open: OpenArea, input: Buffer): Promise<number> {
  if (open.takeLongestWaitMs === null) {
    const startedMs = systemClock.monotonicMs();
    await open.check(input);
    return systemClock.monotonicMs() - startedMs;
  }
  open.takeLongestWaitMs();
  await open.check(input);
  return open.takeLongestWaitMs();
}

async function grownAtTheEnd(open: OpenArea, before: number): Promise<number> {
  const untilMs = systemClock.monotonicMs() + MEMORY_RETURNS_MS;
  for (;;) {
    const grown = heldBytes(open) - before;
    if (grown <= GROWN_BYTES || systemClock.monotonicMs() > untilMs) return Math.max(0, grown);
    await systemClock.sleep(500);
  }
}

function heldBytes(open: OpenArea): number {
  const pids = open.pids();
  if (pids.length > 0) return pids.reduce((sum, pid) => sum + residentBytes(pid), 0);
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? 0) * 1024;
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}

function describe(error: unknown): string {
  if (error instanceof Violation) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
