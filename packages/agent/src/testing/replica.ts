import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endProcess, spawnDetached } from "@slipway/fleet";
import {
  type ProcessIdentity,
  type ProcessRecord,
  readProcessRecord,
  readProcessRecords,
  signalProcess,
  systemClock,
} from "@slipway/service-kit";
import { connectModelServer } from "../supervise/connect-model-server.ts";
import { FakeScheduler } from "./fake-scheduler.ts";

const AGENT = fileURLToPath(new URL("../../../../apps/agent/src/main.ts", import.meta.url));
export const TEST_SECRET = "a secret of this test";

/** One replica as the platform runs it: the real agent and its real model server as processes, and a scheduler of the test's own. */
export type TestReplica = Awaited<ReturnType<typeof testReplica>>;

export async function testReplica(overrides: { env?: Record<string, string>; schedulers?: FakeScheduler[] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "slipway-agent-"));
  const models = join(folder, "models");
  const runDir = join(folder, "run");
  mkdirSync(models);
  writeFileSync(join(folder, "secret"), TEST_SECRET);
  const scheduler = new FakeScheduler(TEST_SECRET);
  await scheduler.start();
  const schedulers = [scheduler, ...(overrides.schedulers ?? [])];
  const environment = {
    PATH: "/usr/bin:/bin",
    SLIPWAY_AGENT_GROUP: "platform",
    SLIPWAY_AGENT_SERVER: "onnx",
    SLIPWAY_AGENT_REPLICA: "0",
    SLIPWAY_AGENT_RUNTIME: "onnx",
    SLIPWAY_AGENT_CAPABILITIES: "onnx",
    SLIPWAY_AGENT_MEMORY_BYTES: String(2 ** 30),
    SLIPWAY_AGENT_STATE_DIR: join(folder, "state"),
    SLIPWAY_AGENT_LOG_DIR: join(folder, "logs"),
    SLIPWAY_SCHEDULER_ADDRESSES: schedulers.map(({ address }) => address).join(","),
    SLIPWAY_MODEL_ROOTS: models,
    SLIPWAY_INTERNAL_SECRET_FILE: join(folder, "secret"),
    SLIPWAY_PROCESS_NAME: "agent-onnx-0",
    SLIPWAY_PROCESS_RECORD_DIR: runDir,
    ...overrides.env,
  };
  const agents: ProcessIdentity[] = [];

  const recordOf = (name: string): ProcessRecord => {
    const record = readProcessRecord(runDir, name);
    if (record === null) throw new Error(`${name} has no record`);
    return record;
  };
  return {
    folder,
    models,
    scheduler,
    agent: () => recordOf("agent-onnx-0"),
    modelServer: () => recordOf("model-server-onnx-0"),
    /** A client of the model server that runs now. */
    client: () => connectModelServer(recordOf("model-server-onnx-0").addresses.http ?? "", TEST_SECRET),
    async startAgent(): Promise<ProcessIdentity> {
      const { identity } = await spawnDetached({
        entry: AGENT,
        env: environment,
        logFile: join(folder, "logs", "agent.log"),
      });
      agents.push(identity);
      return identity;
    },
    kill: (identity: ProcessIdentity) => signalProcess(identity, "SIGKILL", { group: true }),
    async dispose() {
      for (const agent of agents) await endProcess(agent, { graceMs: 8_000, clock: systemClock });
      for (const record of readProcessRecords(runDir)) await endProcess(record, { graceMs: 0, clock: systemClock });
      for (const each of schedulers) each.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the condition holds; its error or last value is in the message when it does not come to. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  describe: () => unknown = () => "",
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not so within ${timeoutMs} ms: ${JSON.stringify(describe(), bigints)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const bigints = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
