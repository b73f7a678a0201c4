import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  identify,
  isRunning,
  readProcessRecords,
  signalProcess,
  silentLogger,
  startTimeOf,
  systemClock,
} from "@slipway/service-kit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FleetEvent, ReplicaSpec } from "../driver.ts";
import { endProcess } from "../processes/end-process.ts";
import { spawnDetached } from "../processes/spawn-detached.ts";
import { type FleetHarness, fleetDriverContract, readAllLogs, until } from "../testing/fleet-driver-contract.ts";
import { LOCAL_FLEET_DEFAULTS, type LocalFleetConfig } from "./config.ts";
import { createLocalFleet } from "./local-fleet.ts";

const STUB = fileURLToPath(new URL("../testing/stub-agent.ts", import.meta.url));
const forever = new AbortController().signal;

async function localHarness(changes: Partial<LocalFleetConfig> = {}): Promise<FleetHarness & { dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-fleet-"));
  const config: LocalFleetConfig = {
    ...LOCAL_FLEET_DEFAULTS,
    dataDir,
    schedulerAddresses: ["127.0.0.1:1"],
    modelRoots: [dataDir],
    registry: { dir: null, url: null },
    supervisorRecord: null,
    internalSecretFile: join(dataDir, "secrets", "internal"),
    logLevel: "info",
    agentEntry: STUB,
    restart: { initialMs: 20, maxMs: 200, jitter: 0 },
    ...changes,
  };
  const inherited = { PATH: "/usr/bin" };
  return {
    dataDir,
    driver: () =>
      createLocalFleet(config, { clock: systemClock, logger: silentLogger, random: Math.random, inherited }),
    kill(pid) {
      const identity = identify(pid);
      if (identity !== null) signalProcess(identity, "SIGKILL", { group: false });
    },
    isRunning: (pid) => startTimeOf(pid) !== null,
    async dispose() {
      for (const record of readProcessRecords(join(dataDir, "run"))) signalProcess(record, "SIGKILL", { group: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

describe("the local fleet keeps the contract:", () => fleetDriverContract(() => localHarness()));

describe("the local fleet", () => {
  let harness: Awaited<ReturnType<typeof localHarness>>;
  beforeEach(async () => {
    harness = await localHarness();
  });
  afterEach(() => harness.dispose());

  const spec: ReplicaSpec = {
    group: "platform",
    server: "onnx",
    replica: 0,
    runtime: "onnx",
    capabilities: ["onnx"],
    memoryBytes: 1,
  };

  test("an agent sees nothing of the scheduler's environment but what it needs", async () => {
    const driver = harness.driver();
    await driver.start(spec, forever);
    let keys: string[] = [];
    while (keys.length === 0) {
      const { lines } = await readAllLogs(driver, [spec]);
      keys = lines.flatMap(({ text }): string[] => JSON.parse(text).keys ?? []);
    }
    await driver.stop(spec, forever);
    expect(new Set(keys.filter((key) => !key.startsWith("SLIPWAY_")))).toEqual(new Set(["NODE_ENV", "PATH"]));
  });

  test("an agent that hangs is ended and comes back, and its model server is the same one", async () => {
    const watched = await localHarness({ hungAfterMs: 1_000, startWithinMs: 30_000 });
    const driver = watched.driver();
    try {
      const events: FleetEvent[] = [];
      driver.watch((event) => events.push(event));
      await driver.start(spec, forever);
      const pids = async () => {
        const [replica] = await driver.list();
        const { agentPid = null, modelServerPid = null } = replica ?? {};
        return agentPid === null || modelServerPid === null ? null : { agentPid, modelServerPid };
      };
      const isAsked = () => existsSync(join(watched.dataDir, "run", "agent-onnx-0.asked"));
      const before = await until(async () => (isAsked() ? await pids() : null));
      process.kill(before.agentPid, "SIGSTOP");
      const after = await until(async () => {
        const now = await pids();
        return now?.agentPid === before.agentPid ? null : now;
      });
      expect(after.modelServerPid).toBe(before.modelServerPid);
      expect(events.slice(0, 3).map(({ kind }) => kind)).toEqual(["started", "exited", "started"]);
    } finally {
      await driver.release();
      await watched.dispose();
    }
  }, 60_000);

  test("a process that only has the pid of a recorded agent is never touched", async () => {
    const driver = harness.driver();
    await driver.start(spec, forever);
    await driver.release();
    const bystander = await spawnDetached({
      entry: STUB,
      env: { SLIPWAY_PROCESS_RECORD_DIR: join(harness.dataDir, "elsewhere"), SLIPWAY_PROCESS_NAME: "agent-bystander" },
      logFile: join(harness.dataDir, "logs", "bystander.log"),
    });
    const file = join(harness.dataDir, "fleet", "onnx-0.json");
    const record = JSON.parse(await readFile(file, "utf8"));
    await endProcess(record.agent, { graceMs: 5_000, clock: systemClock });
    await writeFile(file, JSON.stringify({ ...record, agent: { pid: bystander.identity.pid, startTime: "1" } }));
    const next = harness.driver();
    expect((await next.list())[0]?.agentPid).toBeNull();
    await next.stop(spec, forever);
    expect(isRunning(bystander.identity)).toBe(true);
    await endProcess(bystander.identity, { graceMs: 5_000, clock: systemClock });
  });
});
