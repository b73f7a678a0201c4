import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identify, systemClock } from "@slipway/service-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDataDirectory, openSecrets } from "./open-data-directory.ts";
import { readPlatformState, writePlatformState } from "./platform-state.ts";
import { takeSupervisorLock } from "./supervisor-lock.ts";

let root: string;
let lockFile: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-data-"));
  lockFile = join(root, "supervisor.json");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("the data directory and its secrets are open to their owner alone", () => {
  const layout = openDataDirectory(join(root, "new", "data"));
  openSecrets(layout);
  expect(statSync(layout.root).mode & 0o777).toBe(0o700);
  expect(statSync(layout.secrets).mode & 0o777).toBe(0o700);
  for (const file of [layout.internalSecret, layout.tokenKey, layout.adminToken]) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
});

test("secrets are made once, and the token key is 32 bytes in hexadecimal digits", () => {
  const layout = openDataDirectory(root);
  const first = openSecrets(layout);
  expect(openSecrets(layout)).toEqual(first);
  expect(first.tokenKey).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(Object.values(first)).size).toBe(4);
});

test("a folder that cannot be used is told in words with another way", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => openDataDirectory(join(root, "file", "data"))).toThrow(/The data directory .* cannot be used/);
});

test("the second supervisor of a data directory is refused by naming the pid of the first", async () => {
  const lock = await takeSupervisorLock(lockFile, systemClock);
  expect(lock.crashed).toBeNull();
  await expect(takeSupervisorLock(lockFile, systemClock)).rejects.toThrow(`process ${process.pid}`);
  lock.release();
  (await takeSupervisorLock(lockFile, systemClock)).release();
});

test("the lock of a supervisor that was killed is taken over", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const identity = child.pid === undefined ? null : identify(child.pid);
  child.kill("SIGKILL");
  await once(child, "exit");
  writeFileSync(lockFile, JSON.stringify(identity));
  const lock = await takeSupervisorLock(lockFile, systemClock);
  expect(lock.crashed).toEqual(identity);
  expect(JSON.parse(readFileSync(lockFile, "utf8"))).toEqual(identify());
});

test("a pid that another program has by now does not keep the lock, and neither does a broken file", async () => {
  writeFileSync(lockFile, JSON.stringify({ pid: process.pid, startTime: "1" }));
  (await takeSupervisorLock(lockFile, systemClock)).release();
  writeFileSync(lockFile, "{");
  (await takeSupervisorLock(lockFile, systemClock)).release();
});

test("of several that find the same dead lock at once, exactly one gets it", async () => {
  writeFileSync(lockFile, JSON.stringify({ pid: 1, startTime: "not this one" }));
  const program = `
    import { takeSupervisorLock } from ${JSON.stringify(join(import.meta.dirname, "supervisor-lock.ts"))};
    import { systemClock } from "@slipway/service-kit";
    try { await takeSupervisorLock(process.argv[1], systemClock); console.log("mine"); process.stdin.resume(); }
    catch { console.log("refused"); }`;
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, ["--input-type=module", "-e", program, lockFile], { cwd: import.meta.dirname }),
  );
  const answers = await Promise.all(children.map(async ({ stdout }) => String((await once(stdout, "data"))[0]).trim()));
  for (const child of children) child.kill();
  expect(answers.toSorted()).toEqual(["mine", "refused", "refused"]);
});

test("what was remembered for the next start is there, and a broken memory counts as none", () => {
  const layout = openDataDirectory(root);
  expect(readPlatformState(layout)).toEqual({ ports: {}, done: [] });
  writePlatformState(layout, { ports: { console: 7070 }, done: ["server"] });
  expect(readPlatformState(layout)).toEqual({ ports: { console: 7070 }, done: ["server"] });
  writeFileSync(join(root, "state.json"), "{");
  expect(readPlatformState(layout)).toEqual({ ports: {}, done: [] });
});
