import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogQuery } from "@slipway/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendLines, LOG_START_MS, logLine, logSource } from "../testing/write-logs.ts";
import { LogReader } from "./log-reader.ts";
import { DEFAULT_LOG_LIMITS, trimLog } from "./open-log.ts";
import { runStartedLine } from "./run-marks.ts";

let folder: string;
let reader: LogReader;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-logs-"));
  reader = new LogReader();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function countOf(text: string, { level, run, modelUids = null }: Asking = {}): number {
  const search = { text, isPattern: false, isCaseSensitive: false };
  const filter = { ...(level === undefined ? {} : { level }), ...(run === undefined ? {} : { run }) };
  const query: LogQuery = { want: "match", filter, search, from: null, direction: "older" };
  const answer = reader.answer({ sources: [logSource(folder)], modelUids, query });
  return answer.is === "match" ? answer.match.count : -1;
}
type Asking = { level?: "error"; run?: string; modelUids?: string[] | null };

test("asked again, a search counts what was written meanwhile and leaves out what is no longer kept", () => {
  const { path } = logSource(folder);
  appendLines(path, logLine(1, "found"), logLine(2, "other"), logLine(3, "FOUND"));
  expect(countOf("found")).toBe(2);
  appendLines(path, logLine(4, "found too"), logLine(5, "found at last").slice(0, -2));
  expect(countOf("found")).toBe(3);
  appendLines(path, `}\n`);
  expect(countOf("found")).toBe(4);
  trimLog(path, { ...DEFAULT_LOG_LIMITS, fileBytes: 1 }, LOG_START_MS);
  appendLines(path, logLine(6, "found"));
  expect(countOf("found")).toBe(5);
  trimLog(path, { ...DEFAULT_LOG_LIMITS, totalBytes: 1 }, LOG_START_MS);
  expect(countOf("found")).toBe(1);
});

test("what one reader found is nothing for another one, another severity, or a run that has begun since", () => {
  const { path } = logSource(folder);
  const [mine = "", theirs = ""] = ["01990000-0000-7000-8000-000000000001", "01990000-0000-7000-8000-000000000002"];
  appendLines(path, `${runStartedLine(LOG_START_MS)}\n`);
  appendLines(path, logLine(1, "word", { model: mine }), logLine(2, "word", { model: theirs }, "error"));
  expect(countOf("word")).toBe(2);
  expect(countOf("word", { modelUids: [mine] })).toBe(1);
  expect(countOf("word", { modelUids: [theirs] })).toBe(1);
  expect(countOf("word", { level: "error", modelUids: [mine] })).toBe(0);
  expect(countOf("word", { run: "current" })).toBe(2);
  appendLines(path, `${runStartedLine(LOG_START_MS + 3)}\n`, logLine(4, "word"));
  expect(countOf("word", { run: "current" })).toBe(1);
});
