import { closeSync, utimesSync, writeSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LOG_START_MS, logLine } from "../testing/write-logs.ts";
import { DEFAULT_LOG_LIMITS, openLog, trimLog } from "./open-log.ts";
import { segmentsOf } from "./segments.ts";

const DAY_MS = 86_400_000;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-log-"));
  path = join(folder, "a.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function write(text: string): void {
  const file = openLog(path);
  writeSync(file, text);
  closeSync(file);
}

test("a log takes no more than its limit, only its owner may read it, and places in it stay the same", async () => {
  const limits = { fileBytes: 4, totalBytes: 14, keepMs: DAY_MS };
  for (let turn = 0; turn < 6; turn += 1) {
    write("12345\n");
    trimLog(path, limits, Date.now());
  }
  expect(segmentsOf(path).map(({ base, bytes }) => [base, bytes])).toEqual([
    [24, 6],
    [30, 6],
    [36, 0],
  ]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a line that a process left unfinished is ended before the next begins", async () => {
  write("half");
  write("next\n");
  write("last\n");
  expect(await readFile(path, "utf8")).toBe("half\nnext\nlast\n");
});

test("lines go when they are older than what is kept, also of a log that nobody writes any more", async () => {
  write(logLine(0, "old"));
  const written = new Date(LOG_START_MS);
  utimesSync(path, written, written);
  trimLog(path, DEFAULT_LOG_LIMITS, LOG_START_MS + 13 * DAY_MS);
  expect(segmentsOf(path).reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(0);
  const { end } = segmentsOf(path).at(-1) ?? { end: 0 };
  trimLog(path, DEFAULT_LOG_LIMITS, LOG_START_MS + 15 * DAY_MS);
  expect(segmentsOf(path).reduce((sum, { bytes }) => sum + bytes, 0)).toBe(0);
  expect(segmentsOf(path).at(-1)?.end).toBe(end);
});

test("a log that is put aside by a process which dies in the middle is whole afterwards", async () => {
  await writeFile(`${path}.0.part`, "lines\n");
  await writeFile(path, "");
  trimLog(path, DEFAULT_LOG_LIMITS, Date.now());
  expect(await readFile(`${path}.0`, "utf8")).toBe("lines\n");
  write("more\n");
  await writeFile(`${path}.6.part`, "mo");
  trimLog(path, DEFAULT_LOG_LIMITS, Date.now());
  expect((await readdir(folder)).sort()).toEqual(["a.log", "a.log.0"]);
});
