import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Clock, systemClock } from "./clock.ts";
import { type FileBehind, KeptFiles } from "./kept-files.ts";

let folder: string;
let due: (() => void)[];
let files: KeptFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-kept-"));
  due = [];
  const clock: Clock = { ...systemClock, after: (_delayMs, callback) => later(callback) };
  files = new KeptFiles(clock);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function later(callback: () => void): () => void {
  due.push(callback);
  return () => undefined;
}

/** A second passes. */
function retry(): void {
  for (const callback of due.splice(0)) callback();
}

/** A file stands where the folder should be, so that nothing can be written below it, whoever runs this. */
function blocked() {
  const parent = join(folder, "state");
  writeFileSync(parent, "");
  return { path: join(parent, "epoch.json"), mend: () => rmSync(parent) };
}

test("a file that cannot be written is no error, is told, and is written with its newest text as soon as it can be", () => {
  const told: (FileBehind | null)[] = [];
  files.watch((behind) => told.push(behind));
  const { path, mend } = blocked();
  expect(files.write(path, "1")).toBe(false);
  expect(files.write(path, "2")).toBe(false);
  expect(files.behind()).toEqual([{ path, cause: expect.stringMatching(/ENOTDIR|EEXIST/) }]);
  expect(files.waitingText(path)).toBe("2");
  retry();
  expect(files.behind()).toHaveLength(1);
  mend();
  retry();
  expect(readFileSync(path, "utf8")).toBe("2");
  expect([files.behind(), files.waitingText(path), due]).toEqual([[], null, []]);
  expect(told.map((behind) => behind?.path ?? null)).toEqual([path, null]);
});

test("a file that is removed meanwhile does not come back", () => {
  const { path, mend } = blocked();
  files.write(path, "1");
  files.remove(path);
  mend();
  retry();
  expect(() => readFileSync(path)).toThrow(/ENOENT/);
});

test("a write that fails leaves nothing beside the file", () => {
  const path = join(folder, "taken");
  mkdirSync(join(path, "by a folder"), { recursive: true });
  expect(files.write(path, "1")).toBe(false);
  expect(readdirSync(folder)).toEqual(["taken"]);
});
