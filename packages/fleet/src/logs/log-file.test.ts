import { closeSync, writeSync } from "node:fs";
import { appendFile, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFile, MAX_LINE_BYTES } from "./log-file.ts";
import { openLog, trimLog } from "./open-log.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-log-"));
  path = join(folder, "a.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const texts = (lines: { text: string }[]) => lines.map(({ text }) => text);

test("a reader gets the newest lines first and then each later line once, also across rotation", async () => {
  await writeFile(path, "1\n2\n3\n");
  const file = new LogFile(path, "agent");
  expect(texts(file.readTail(2))).toEqual(["2", "3"]);
  await appendFile(path, "4\nha");
  expect(texts(file.readNew())).toEqual(["4"]);
  await appendFile(path, "lf\n");
  expect(texts(file.readNew())).toEqual(["half"]);
  trimLog(path, { maxBytes: 1, keep: 2 });
  await appendFile(path, "5\n");
  expect(texts(file.readNew())).toEqual(["5"]);
  expect(texts(new LogFile(path, "agent").readTail(3))).toEqual(["4", "half", "5"]);
});

test("a line without a time has that of the line before it", async () => {
  await writeFile(path, '{"time":"2026-01-01T00:00:00.000Z"}\n  at somewhere\n');
  expect(new LogFile(path, "agent").readTail(9).map(({ atMs }) => atMs)).toEqual([1767225600000, 1767225600000]);
});

test("a line longer than the limit is cut and does not hide the next", async () => {
  await writeFile(path, `${"x".repeat(MAX_LINE_BYTES + 10)}\nnext\n`);
  const [long, next] = new LogFile(path, "agent").readTail(9);
  expect(long?.text.length).toBe(MAX_LINE_BYTES);
  expect(next?.text).toBe("next");
});

test("logs never take more than the limit and the kept files, and only their owner may read them", async () => {
  for (let turn = 0; turn < 6; turn += 1) {
    const file = openLog(path, { maxBytes: 4, keep: 2 });
    writeSync(file, "12345\n");
    closeSync(file);
  }
  expect((await readdir(folder)).sort()).toEqual(["a.log", "a.log.1", "a.log.2"]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
