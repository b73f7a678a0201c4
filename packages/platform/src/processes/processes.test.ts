import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Spawned, spawnDetached } from "@slipway/fleet";
import {
  type DataDirLayout,
  identify,
  isRunning,
  keptFiles,
  readProcessRecord,
  systemClock,
  writeProcessRecord,
} from "@slipway/service-kit";
import { until } from "@slipway/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDataDirectory } from "../data-directory/open-data-directory.ts";
import { awaitReady, PortTakenError } from "./await-ready.ts";
import { WATCH } from "./child-specs.ts";
import { endOwnProcesses } from "./end-processes.ts";
import { ownProcesses } from "./find-processes.ts";
import { keepPlatformFile, platformInfo } from "./platform-file.ts";
import { type SupervisedChild, supervise } from "./supervise.ts";

const STUB = join(import.meta.dirname, "..", "testing", "stub-process.ts");

let layout: DataDirLayout;
let reports: string[];
let children: SupervisedChild[];

beforeEach(() => {
  layout = openDataDirectory(mkdtempSync(join(tmpdir(), "slipway-processes-")));
  reports = [];
  children = [];
});
afterEach(async () => {
  for (const child of children) child.release();
  await endOwnProcesses(layout, systemClock);
  rmSync(layout.root, { recursive: true, force: true });
});

function envOf(name: string, stub = ""): Record<string, string> {
  return { SLIPWAY_PROCESS_NAME: name, SLIPWAY_PROCESS_RECORD_DIR: layout.processes, STUB: stub };
}

async function start(name: string, stub = ""): Promise<SupervisedChild> {
  const spec = {
    name,
    entry: STUB,
    env: envOf(name, stub),
    logFile: join(layout.logs, `${name}.log`),
    hungAfterMs: 1_000,
  };
  const report = (line: string) => void reports.push(line);
  const deps = { clock: systemClock, recordDir: layout.processes, report, random: () => 0 };
  const child = await supervise(spec, deps);
  children.push(child);
  return child;
}

function spawnStub(env: Record<string, string>, nodeArguments: string[]): Promise<Spawned> {
  const logFile = join(layout.logs, "stub.log");
  return spawnDetached({ entry: STUB, nodeArguments, env, logFile });
}

function readiness(timeoutMs = 10_000) {
  const signal = AbortSignal.timeout(timeoutMs + 1_000);
  return { recordDir: layout.processes, clock: systemClock, signal, timeoutMs };
}

async function restartedFrom(child: SupervisedChild, pid: number): Promise<number> {
  return until(() => {
    const next = child.identity()?.pid;
    return next !== undefined && next !== pid ? next : null;
  });
}

test("a process that dies comes back by itself, is told, and is ready again", async () => {
  const child = await start("gateway");
  await awaitReady(child, readiness());
  const pid = child.identity()?.pid ?? 0;
  process.kill(pid, "SIGKILL");
  const next = await restartedFrom(child, pid);
  await awaitReady(child, readiness());
  expect(readProcessRecord(layout.processes, "gateway")?.pid).toBe(next);
  expect(reports).toEqual([`gateway (process ${pid}) ended with SIGKILL; starting it again`]);
});

test("a process that hangs is ended, told of, and comes back by itself", async () => {
  const child = await start("gateway");
  await awaitReady(child, readiness());
  const pid = child.identity()?.pid ?? 0;
  await until(() => existsSync(join(layout.processes, "gateway.asked")));
  process.kill(pid, "SIGSTOP");
  const next = await restartedFrom(child, pid);
  await awaitReady(child, readiness());
  expect(child.identity()?.pid).toBe(next);
  expect(reports).toEqual([
    `gateway (process ${pid}) does not answer any more; ending it`,
    `gateway (process ${pid}) ended with SIGKILL; starting it again`,
  ]);
});

test("a process that finds its port taken says so at once while it starts, and is tried again for ever afterwards", async () => {
  const marker = join(layout.root, "taken");
  writeFileSync(marker, "");
  const child = await start("gateway", `taken-while:${marker}`);
  await expect(awaitReady(child, readiness())).rejects.toThrow(PortTakenError);
  expect(reports[0]).toMatch(/ended with code 98: another program has its port; starting it again/);
  rmSync(marker);
  await until(() => readProcessRecord(layout.processes, "gateway")?.pid === child.identity()?.pid);
});

test("a process that cannot start ends the start with its last words, and the loop is told once", async () => {
  const child = await start("console", "dies");
  await expect(awaitReady(child, readiness(30_000))).rejects.toThrow(
    /console ended \d+ times while starting[\s\S]*no disk in the drive/,
  );
  expect(reports).toEqual([
    expect.stringMatching(/ended with code 3; starting it again/),
    expect.stringMatching(/console keeps ending \(code 3\); its last words are in .*console\.log/),
  ]);
});

test("a process that never becomes ready is given up after the time limit", async () => {
  const child = await start("scheduler", "no-record");
  await expect(awaitReady(child, readiness(300))).rejects.toThrow(/scheduler did not become ready/);
});

test("a stop ends every process of the data directory, the stubborn and the unrecorded too, and no other", async () => {
  const other = openDataDirectory(mkdtempSync(join(tmpdir(), "slipway-processes-")));
  const spawn = (env: Record<string, string>) => spawnStub(env, []);
  const foreign = await spawn({ SLIPWAY_PROCESS_NAME: "gateway", SLIPWAY_PROCESS_RECORD_DIR: other.processes });
  try {
    const own = await Promise.all([
      spawn(envOf("agent-onnx-0", "stubborn")),
      spawn(envOf("model-server-onnx-0", "no-record")),
      spawn(envOf("gateway")),
    ]);
    await until(() => ownProcesses(layout).length === 3 && readProcessRecord(layout.processes, "agent-onnx-0"));
    await endOwnProcesses(layout, systemClock);
    expect(own.filter(({ identity }) => isRunning(identity))).toEqual([]);
    expect(ownProcesses(layout)).toEqual([]);
    expect(isRunning(foreign.identity)).toBe(true);
  } finally {
    await endOwnProcesses(other, systemClock);
    rmSync(other.root, { recursive: true, force: true });
  }
});

test("a process whose supervisor is gone ends by itself after its time of grace, and the database with it", async () => {
  const postgres = await spawnStub({ STUB: "no-record" }, []);
  writeProcessRecord(layout.processes, { ...postgres.identity, name: "postgres", addresses: {} });
  writeFileSync(layout.lockFile, JSON.stringify(identify()));
  const env = { ...envOf("gateway"), SLIPWAY_SUPERVISOR_RECORD: layout.lockFile, SLIPWAY_SUPERVISOR_GRACE_MS: "200" };
  const gateway = await spawnStub(env, ["--import", WATCH]);
  await until(() => readProcessRecord(layout.processes, "gateway"));
  const supervisedMs = performance.now();
  await until(() => performance.now() - supervisedMs > 600, { what: "three times the grace is over" });
  expect([isRunning(gateway.identity), isRunning(postgres.identity)]).toEqual([true, true]);
  rmSync(layout.lockFile);
  await until(() => !isRunning(gateway.identity) && !isRunning(postgres.identity));
  expect((await gateway.exited).code).toBe(0);
});

test("platform.json follows the pids, shows no dead process, and goes when it is closed", async () => {
  const child = await start("gateway");
  const fixed = { consoleUrl: "http://c", signInUrl: "http://s", gatewayUrl: "http://g", gatewayGrpc: "g:1" };
  const file = keepPlatformFile(layout, fixed, systemClock);
  const read = () => platformInfo.parse(JSON.parse(readFileSync(layout.platformFile, "utf8")));
  try {
    const pid = child.identity()?.pid ?? 0;
    expect(read()).toEqual({ ...fixed, processes: [{ name: "gateway", pid }] });
    process.kill(pid, "SIGKILL");
    const next = await restartedFrom(child, pid);
    await until(() => read().processes[0]?.pid === next);
  } finally {
    file.close();
  }
  expect(() => read()).toThrow(/ENOENT/);
});

test("platform.json that cannot be written ends no supervisor, and is true as soon as it can be", async () => {
  const obstacle = join(layout.platformFile, "a folder in its place");
  mkdirSync(obstacle, { recursive: true });
  const fixed = { consoleUrl: "http://c", signInUrl: "http://s", gatewayUrl: "http://g", gatewayGrpc: "g:1" };
  const file = keepPlatformFile(layout, fixed, systemClock);
  try {
    expect(keptFiles.behind().map(({ path }) => path)).toEqual([layout.platformFile]);
    rmSync(layout.platformFile, { recursive: true });
    await until(() => platformInfo.parse(JSON.parse(readFileSync(layout.platformFile, "utf8"))));
    expect(keptFiles.behind()).toEqual([]);
  } finally {
    file.close();
  }
});
