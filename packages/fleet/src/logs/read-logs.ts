import type { Clock } from "@slipway/service-kit";
import { type LogLine, MAX_TAIL_LINES, type ReadLogsOptions } from "../driver.ts";
import { LogFile } from "./log-file.ts";

/** How often a followed log is looked at, in milliseconds. */
const FOLLOW_EVERY_MS = 200;

/** The lines of several log files as one, in order of time; ends when there is no more and nobody follows. */
export async function* readLogFiles(
  files: readonly { path: string; source: LogLine["source"] }[],
  options: ReadLogsOptions,
  clock: Clock,
): AsyncGenerator<LogLine> {
  const limit = Math.min(Math.max(0, Math.trunc(options.tail)), MAX_TAIL_LINES);
  const readers = files.map(({ path, source }) => new LogFile(path, source));
  const tail = inOrder(readers.flatMap((reader) => reader.readTail(limit)));
  yield* limit === 0 ? [] : tail.slice(-limit);
  while (options.follow && !options.signal.aborted) {
    yield* inOrder(readers.flatMap((reader) => reader.readNew()));
    await clock.sleep(FOLLOW_EVERY_MS, options.signal).catch(() => undefined);
  }
}

function inOrder(lines: LogLine[]): LogLine[] {
  return lines.sort((left, right) => left.atMs - right.atMs);
}
