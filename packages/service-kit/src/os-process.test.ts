import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { backoffDelay } from "./backoff.ts";
import { readProcessRecords } from "./data-dir.ts";
import { cpuMsOf, identify, isRunning, signalProcess } from "./os-process.ts";
import { writeProcessRecord } from "./process-records.ts";

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "slipway-test-"));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

test("the processor time of a process rises with what it does, and one that is gone has none", () => {
  const before = cpuMsOf(process.pid) ?? 0;
  const used = process.cpuUsage();
  expect(Math.abs(before - (used.user + used.system) / 1_000)).toBeLessThan(100);
  const end = performance.now() + 5_000;
  while ((cpuMsOf(process.pid) ?? 0) < before + 50) expect(performance.now()).toBeLessThan(end);
  expect(cpuMsOf(2 ** 30)).toBeNull();
});

describe("the identity of a process", () => {
  test("a later process with the same pid is never taken for the recorded one", () => {
    const self = identify();
    if (self === null) throw new Error("this process must have an identity");
    expect(isRunning(self)).toBe(true);
    const other = { pid: self.pid, startTime: "1" };
    expect(isRunning(other)).toBe(false);
    expect(signalProcess(other, "SIGKILL", { group: false })).toBe(false);
  });

  test("a process that has ended but was not reaped counts as gone", async () => {
    const child = spawn("sleep", ["30"]);
    const identity = identify(child.pid);
    if (identity === null) throw new Error("the child must have an identity");
    const exited = once(child, "exit");
    expect(signalProcess(identity, "SIGKILL", { group: false })).toBe(true);
    await exited;
    expect(isRunning(identity)).toBe(false);
  });
});

describe("records of processes", () => {
  test("are read back whole, are nobody else's to read, and a broken one hides no other", () => {
    const directory = folder();
    const record = { name: "gateway", pid: 42, startTime: "7", addresses: { http: "http://127.0.0.1:1" } };
    writeProcessRecord(directory, record);
    writeFileSync(join(directory, "broken.json"), "{");
    expect(readProcessRecords(directory)).toEqual([record]);
    expect(statSync(join(directory, "gateway.json")).mode & 0o077).toBe(0);
  });

  test("a folder that is not there holds none", () => {
    expect(readProcessRecords(join(folder(), "missing"))).toEqual([]);
  });
});

test("delays double up to their bound and jitter only shortens them", () => {
  const policy = { initialMs: 100, maxMs: 1_000, jitter: 0.5 };
  const full = [0, 1, 2, 3, 4, 50].map((attempt) => backoffDelay(policy, attempt, () => 0));
  expect(full).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoffDelay(policy, 0, () => 0.999)).toBeGreaterThanOrEqual(50);
});
