import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogFilter, LogVolume } from "@slipway/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendLines, LOG_START_MS, logLine, logSource } from "../testing/write-logs.ts";
import { LogReader } from "./log-reader.ts";
import type { LogSource } from "./log-scope.ts";

const MINE = "01990000-0000-7000-8000-000000000001";
const THEIRS = "01990000-0000-7000-8000-000000000002";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-logs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Asking = { sources?: LogSource[]; modelUids?: string[] | null; filter?: LogFilter; bars?: number };

function volumeOf({ sources = [logSource(folder)], modelUids = null, filter = {}, bars = 10 }: Asking = {}): LogVolume {
  const answer = new LogReader().answer({ sources, modelUids, query: { want: "volume", filter, bars } });
  if (answer.is !== "volume") throw new Error("no volume");
  return answer.volume;
}

test("lines of all logs are counted by severity in bars that begin at round times, the empty ones included", () => {
  const [first, other] = [logSource(folder), logSource(folder, { replica: "onnx-1" })];
  appendLines(first.path, "before any time\n", logLine(400, "a"), logLine(1_900, "b", {}, "error"), "says nothing\n");
  appendLines(other.path, logLine(300, "c", {}, "warn"), logLine(4_100, "d", {}, "debug"));
  const { stepMs, bars, count, untimed } = volumeOf({ sources: [first, other] });
  const none = { debug: 0, info: 0, warn: 0, error: 0, unsaid: 0, line: null };
  expect({ stepMs, count, untimed }).toEqual({ stepMs: 500, count: 5, untimed: 1 });
  expect(bars).toHaveLength(9);
  expect(bars[0]).toEqual({ ...none, atMs: LOG_START_MS, info: 1, warn: 1, line: "model-server-onnx-1:0" });
  expect(bars[1]).toEqual({ ...none, atMs: LOG_START_MS + 500 });
  expect(bars[3]).toMatchObject({ error: 1, unsaid: 1 });
  expect(bars[8]).toMatchObject({ atMs: LOG_START_MS + 4_000, debug: 1 });
});

test("there are never more bars than asked for, whatever the time that the lines span", () => {
  const { path } = logSource(folder);
  appendLines(path, logLine(0, "first"));
  for (const afterMs of [0, 7, 4_321, 90_000, 3_599_999, 90_000_000, 31_600_000_000, 3_160_000_000_000]) {
    appendLines(path, logLine(afterMs, "last"));
    for (const most of [1, 2, 60, 200]) {
      const { bars, count } = volumeOf({ bars: most });
      expect(bars.length).toBeLessThanOrEqual(most);
      expect(bars.reduce((sum, { info }) => sum + info, 0)).toBe(count);
    }
  }
});

test("what a reader may not see, a filter leaves out or a search does not find is not counted", () => {
  const { path } = logSource(folder);
  appendLines(path, logLine(1, "mine", { model: MINE }), logLine(2, "mine failed", { model: MINE }, "error"));
  appendLines(path, logLine(60_000, "theirs", { model: THEIRS }, "error"));
  expect(volumeOf({ modelUids: [MINE] })).toMatchObject({ count: 2, stepMs: 1 });
  expect(volumeOf({ filter: { level: "error" } })).toMatchObject({ count: 2 });
  const search = { text: "MINE", isPattern: false, isCaseSensitive: false };
  const found = volumeOf({ filter: { search }, bars: 60 });
  // Where in the whole time something is found, the bars say: they span all lines.
  expect(found).toMatchObject({ count: 2, stepMs: volumeOf({ bars: 60 }).stepMs });
  expect(found.bars).toHaveLength(volumeOf({ bars: 60 }).bars.length);
  expect(volumeOf({ filter: { sinceMs: LOG_START_MS + 2, untilMs: LOG_START_MS + 2 } })).toMatchObject({ count: 1 });
  expect(volumeOf({ filter: { level: "error" }, modelUids: [] })).toEqual({
    ...{ stepMs: 0, bars: [], count: 0, untimed: 0 },
  });
});
