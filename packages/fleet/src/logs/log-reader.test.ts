import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOG_PIECE_BYTES, type LogFilter, type LogPage, type LogPlace } from "@slipway/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendLines, LOG_START_MS, logLine, logSource } from "../testing/write-logs.ts";
import { LogReader } from "./log-reader.ts";
import type { LogSource } from "./log-scope.ts";
import { DEFAULT_LOG_LIMITS, trimLog } from "./open-log.ts";
import { noteRunEnd, runStartedLine } from "./run-marks.ts";

const MINE = "01990000-0000-7000-8000-000000000001";
const THEIRS = "01990000-0000-7000-8000-000000000002";

let folder: string;
let reader: LogReader;
let server: LogSource;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-logs-"));
  reader = new LogReader();
  server = logSource(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Reading = { sources?: LogSource[]; modelUids?: string[] | null; filter?: LogFilter; limit?: number };

function page(
  place: LogPlace,
  { sources = [server], modelUids = null, filter = {}, limit = 100 }: Reading = {},
): LogPage {
  const answer = reader.answer({ sources, modelUids, query: { want: "page", filter, place, limit } });
  if (answer.is !== "page") throw new Error("no page");
  return answer.page;
}

function match(text: string, rest: { isPattern?: boolean; from?: string; direction?: "older" | "newer" } = {}) {
  const { isPattern = false, from = null, direction = "older" } = rest;
  const search = { text, isPattern, isCaseSensitive: false };
  const query = { want: "match", filter: {}, search, from, direction } as const;
  const answer = reader.answer({ sources: [server], modelUids: null, query });
  if (answer.is !== "match") throw new Error("no match");
  return answer.match;
}

const messages = ({ lines }: LogPage) =>
  lines.map(({ text }) => (text.startsWith("{") ? String(JSON.parse(text).msg) : text));
const newest: LogPlace = { at: "newest" };
const oldest: LogPlace = { at: "oldest" };

test("pages older and newer than a cursor give every line once, while lines are written and files are put aside", () => {
  const write = (from: number, to: number) => {
    for (let n = from; n < to; n += 1) appendLines(server.path, logLine(n, `line ${n}`));
  };
  write(0, 50);
  const first = page(newest, { limit: 10 });
  expect(messages(first)).toEqual(Array.from({ length: 10 }, (_, n) => `line ${40 + n}`));
  trimLog(server.path, { ...DEFAULT_LOG_LIMITS, fileBytes: 1 }, LOG_START_MS);
  write(50, 60);
  const seen = messages(first);
  for (let older = first.older; older !== null; ) {
    const next = page({ before: older }, { limit: 7 });
    seen.unshift(...messages(next));
    older = next.older;
  }
  trimLog(server.path, { ...DEFAULT_LOG_LIMITS, fileBytes: 1 }, LOG_START_MS);
  write(60, 65);
  for (let next = page({ after: first.newer }, { limit: 4 }); ; next = page({ after: next.newer }, { limit: 4 })) {
    seen.push(...messages(next));
    if (next.isEnd) break;
  }
  expect(seen).toEqual(Array.from({ length: 65 }, (_, n) => `line ${n}`));
});

test("a line that another log writes late, with a time gone by, is neither missed nor given twice", () => {
  const other = logSource(folder, { replica: "onnx-1" });
  const sources = [server, other];
  appendLines(server.path, logLine(10, "a"));
  appendLines(other.path, logLine(5, "b"));
  const first = page(newest, { sources });
  expect(messages(first)).toEqual(["b", "a"]);
  appendLines(other.path, logLine(7, "late"));
  appendLines(server.path, logLine(20, "c"));
  const second = page({ after: first.newer }, { sources });
  expect(messages(second)).toEqual(["late", "c"]);
  expect(messages(page({ after: second.newer }, { sources }))).toEqual([]);
  expect(messages(page(oldest, { sources }))).toEqual(["b", "late", "a", "c"]);
});

test("a last line that is being written is given when it is whole", () => {
  const line = logLine(1, "whole");
  appendLines(server.path, line.slice(0, 20));
  const first = page(newest);
  expect(first.lines).toEqual([]);
  appendLines(server.path, line.slice(20));
  expect(messages(page({ after: first.newer }))).toEqual(["whole"]);
});

test("no line is cut: what is longer than a piece goes on in the next, between characters", () => {
  const long = `${"x".repeat(LOG_PIECE_BYTES - 1)}é${"y".repeat(LOG_PIECE_BYTES)}end`;
  appendLines(server.path, `${long}\n`, logLine(1, "next"));
  const { lines } = page(oldest);
  const more = page({ after: page(oldest).newer });
  const all = [...lines, ...more.lines];
  expect(all.map(({ isContinued }) => isContinued)).toEqual([true, true, false, false]);
  expect(
    all
      .slice(0, 3)
      .map(({ text }) => text)
      .join(""),
  ).toBe(long);
});

test("a tenant of a shared server sees lines of its own models, and of the process only what names no model", () => {
  appendLines(
    server.path,
    runStartedLine(LOG_START_MS),
    "\n",
    logLine(1, "mine is loaded", { model: MINE }),
    logLine(2, "theirs is loaded", { modelUid: THEIRS }),
    logLine(3, `mine is quoted: {"modelUid":"${MINE}"}`, { model: THEIRS }),
    logLine(4, "for all", { scope: "process" }),
    logLine(5, `for all, naming ${THEIRS}`, { scope: "process" }),
    logLine(6, "of nobody knows whom"),
    `native text about ${MINE}\n`,
  );
  const tenant = { modelUids: [MINE] };
  expect(messages(page(newest, tenant))).toEqual(["A new run begins.", "mine is loaded", "for all"]);
  expect(page(newest, { modelUids: null }).lines).toHaveLength(8);
  const search = { text: "theirs", isPattern: false, isCaseSensitive: false };
  expect(page(newest, { ...tenant, filter: { search } }).lines).toEqual([]);
  const own = { modelUids: [MINE], sources: [{ ...server, isShared: false }] };
  expect(messages(page(newest, own)).at(-1)).toBe(`native text about ${MINE}`);
});

test("a replica that is gone shows what it wrote while it held the model, and one that never held it nothing", () => {
  const left = logSource(folder, { replica: "onnx-1", isHere: false });
  const stranger = logSource(folder, { replica: "onnx-2", isHere: false });
  appendLines(left.path, logLine(1, "held", { model: MINE }), logLine(2, "ended", { scope: "process" }));
  appendLines(left.path, logLine(600_000, "much later", { scope: "process" }));
  appendLines(stranger.path, logLine(1, "elsewhere", { scope: "process" }));
  const { replicas, ...rest } = page(newest, { modelUids: [MINE], sources: [left, stranger] });
  expect(messages({ replicas, ...rest })).toEqual(["held", "ended"]);
  expect(replicas).toEqual([{ name: "onnx-1", isHere: false }]);
});

test("runs are told apart by their marks, with how each ended, and the previous one can be read alone", () => {
  appendLines(server.path, `${runStartedLine(LOG_START_MS)}\n`, logLine(10, "first run"), "half a li");
  noteRunEnd(server.path, { code: null, signal: "SIGSEGV" }, LOG_START_MS + 20);
  appendLines(server.path, `${runStartedLine(LOG_START_MS + 30)}\n`, logLine(40, "second run"));
  const { runs } = page(newest);
  expect(runs).toMatchObject([
    { startedAtMs: LOG_START_MS + 30, endedAtMs: null, exit: null },
    { startedAtMs: LOG_START_MS, endedAtMs: LOG_START_MS + 20, exit: "by signal SIGSEGV" },
  ]);
  const previous = ["A new run begins.", "first run", "half a li", "The run ended: by signal SIGSEGV."];
  expect(messages(page(newest, { filter: { run: "previous" } }))).toEqual(previous);
  expect(messages(page(newest, { filter: { run: runs[1]?.id ?? "" } }))).toEqual(previous);
  expect(messages(page(newest, { filter: { run: "current" } }))).toEqual(["A new run begins.", "second run"]);
  expect(page(newest).lines.map(({ run }) => run)).toEqual([
    ...Array(4).fill(runs[1]?.id),
    ...Array(2).fill(runs[0]?.id),
  ]);
});

test("severity, time, replica and text narrow what is given", () => {
  const other = logSource(folder, { replica: "onnx-1" });
  const sources = [server, other];
  appendLines(server.path, logLine(1, "fine"), logLine(2, "bad", { requestId: "req_1" }, "error"), "plain\n");
  appendLines(other.path, logLine(3, "careful", {}, "warn"));
  const of = (filter: LogFilter) => messages(page(newest, { sources, filter }));
  expect(of({ level: "warn" })).toEqual(["bad", "careful"]);
  expect(of({ level: "info" })).toEqual(["fine", "bad", "plain", "careful"]);
  expect(of({ sinceMs: LOG_START_MS + 2, untilMs: LOG_START_MS + 2 })).toEqual(["bad", "plain"]);
  expect(of({ replicas: ["onnx-1"] })).toEqual(["careful"]);
  expect(of({ search: { text: "FINE|ful$", isPattern: true, isCaseSensitive: false } })).toEqual(["fine"]);
  expect(of({ search: { text: "BAD", isPattern: false, isCaseSensitive: true } })).toEqual([]);
  expect(page(newest, { sources }).lines[1]).toMatchObject({ requestId: "req_1", level: "error", replica: "onnx-0" });
});

test("search counts what it finds and goes from one match to the next, around the ends", () => {
  for (let n = 0; n < 300; n += 1)
    appendLines(server.path, logLine(n, n % 100 === 50 ? `Über FEHLER ${n}` : `line ${n}`));
  const last = match("fehler");
  expect(last).toMatchObject({ count: 3, position: 3 });
  const second = match("fehler", { from: last.line ?? "" });
  expect(second).toMatchObject({ count: 3, position: 2 });
  expect(match("fehler", { from: second.line ?? "", direction: "newer" })).toEqual(last);
  expect(match("fehler", { from: last.line ?? "", direction: "newer" }).position).toBe(1);
  expect(match("über fehler").count).toBe(3);
  expect(match("fehler (50|150)", { isPattern: true }).count).toBe(2);
  expect(match("nowhere")).toEqual({ count: 0, position: null, line: null });
  const around = page({ line: second.line ?? "" }, { limit: 4 });
  expect(messages(around)).toEqual(["line 148", "line 149", "Über FEHLER 150", "line 151"]);
});

test("a pattern, a cursor or an id that is none is refused with its field", () => {
  appendLines(server.path, logLine(1, "a"));
  expect(() => match("(", { isPattern: true })).toThrow(/The pattern cannot be read/);
  expect(() => page({ after: "no" })).toThrow(/cursor/);
  expect(() => page({ line: "no" })).toThrow(/id/);
  expect(() => page({ line: "model-server-onnx-9:0" })).toThrow(/no longer kept/);
});

test("what retention has removed is gone from pages, and a cursor into it goes on with what is left", () => {
  appendLines(server.path, logLine(1, "old"));
  const before = page(newest);
  trimLog(server.path, { ...DEFAULT_LOG_LIMITS, fileBytes: 1 }, LOG_START_MS);
  appendLines(server.path, logLine(2, "new"));
  trimLog(server.path, { ...DEFAULT_LOG_LIMITS, totalBytes: 1 }, LOG_START_MS);
  expect(messages(page(oldest))).toEqual(["new"]);
  expect(messages(page({ after: before.newer }))).toEqual(["new"]);
  expect(
    new LogReader().answer({
      sources: [server],
      modelUids: null,
      query: { want: "page", filter: {}, place: { after: before.newer }, limit: 9 },
    }),
  ).toMatchObject({
    page: { lines: [{ text: expect.stringContaining("new") }] },
  });
});
