import type { Exit } from "../processes/spawn-detached.ts";
import { appendToLog } from "./open-log.ts";

/**
 * The lines that say where a run of a process begins and ends in its log. They are written by whoever starts it, in the form
 * of our loggers, so that they go wherever the text goes and a reader needs nothing else.
 */
const STARTED = "run-started";
const ENDED = "run-ended";

/** What stands in the log ahead of everything that a new run writes. */
export function runStartedLine(nowMs: number): string {
  return mark("info", nowMs, { event: STARTED, msg: "A new run begins." });
}

/** Notes how a run ended; null = nobody could see how. */
export function noteRunEnd(path: string, exit: Exit | null, nowMs: number): void {
  const words = exitInWords(exit);
  const level = exit?.code === 0 ? "info" : "warn";
  appendToLog(path, mark(level, nowMs, { event: ENDED, exit: words, msg: `The run ended: ${words}.` }));
}

function mark(level: string, nowMs: number, rest: Record<string, string>): string {
  return JSON.stringify({ level, time: new Date(nowMs).toISOString(), scope: "process", ...rest });
}

function exitInWords(exit: Exit | null): string {
  if (exit === null) return "how is not known";
  if (exit.signal !== null) return `by signal ${exit.signal}`;
  return `with code ${exit.code}`;
}

/** What a line says about runs; null when it is not one of these marks. */
export function readRunMark(line: string): { event: "started" } | { event: "ended"; exit: string } | null {
  const isMark = line.startsWith("{") && line.includes('"scope":"process","event":"run-');
  if (!isMark) return null;
  if (line.includes(`"event":"${STARTED}"`)) return { event: "started" };
  const exit = /"exit":"([^"]{1,100})"/.exec(line)?.[1];
  return line.includes(`"event":"${ENDED}"`) && exit !== undefined ? { event: "ended", exit } : null;
}
