import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Spawned, spawnDetached } from "@slipway/fleet";
import { CHECKOUT } from "@slipway/platform";
import { freePort, isRunning, readProcessRecord, readProcessRecords, signalProcess } from "@slipway/service-kit";
import { type TestDatabase, testDatabase, until } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const HOOK = new URL("../../packages/testkit/src/break-disk.ts", import.meta.url).href;
const SECRET = "0123456789abcdef0123456789abcdef";
const FAULTS = ["ENOSPC", "EIO", "EMFILE", "ENOMEM"] as const;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

type Settings = (folder: string, port: number) => Record<string, string>;

const gateway: Settings = (folder, port) => ({
  SLIPWAY_GATEWAY_PORT: String(port),
  SLIPWAY_GATEWAY_GRPC_PORT: "0",
  SLIPWAY_GATEWAY_STATE_DIR: folder,
});
const console: Settings = (folder, port) => ({
  DATABASE_URL: database.url,
  SLIPWAY_CONSOLE_PORT: String(port),
  SLIPWAY_CONSOLE_UI: "0",
  SLIPWAY_REGISTRY_DIR: join(folder, "registry"),
});
const scheduler: Settings = (folder) => ({ DATABASE_URL: database.url, SLIPWAY_DATA_DIR: folder });
const agent: Settings = (folder) => ({
  SLIPWAY_AGENT_GROUP: "platform",
  SLIPWAY_AGENT_SERVER: "onnx",
  SLIPWAY_AGENT_REPLICA: "0",
  SLIPWAY_AGENT_RUNTIME: "onnx",
  SLIPWAY_AGENT_CAPABILITIES: "onnx",
  SLIPWAY_AGENT_MEMORY_BYTES: "1000000000",
  SLIPWAY_AGENT_STATE_DIR: join(folder, "state"),
  SLIPWAY_AGENT_LOG_DIR: folder,
});
const modelServer: Settings = (folder, port) => ({
  SLIPWAY_MODEL_SERVER_HTTP_PORT: String(port),
  SLIPWAY_MODEL_SERVER_GRPC_PORT: "0",
  SLIPWAY_CRASH_FILE: join(folder, "crash.json"),
});
const PROCESSES = { gateway, console, scheduler, agent, "model-server": modelServer };

// Each process starts on a disk that takes nothing, so that it owes its record from the beginning and tries to write it each
// second: its metrics show that every fault was met.
for (const [name, settings] of Object.entries(PROCESSES)) {
  describe(`the process ${name}`, () => {
    let folder: string;
    let control: string;
    let base: string;
    let running: Spawned;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "slipway-broken-"));
      control = join(folder, "fault");
      const port = await freePort();
      base = `http://127.0.0.1:${port}`;
      for (const name of ["run", "state", "registry"]) mkdirSync(join(folder, name));
      writeFileSync(join(folder, "secret"), SECRET);
      writeFileSync(join(folder, "key"), SECRET.repeat(2));
      writeFileSync(control, FAULTS[0]);
      // biome-ignore lint/style/noProcessEnv: where programs are
      const { PATH = "" } = process.env;
      const common = {
        ...{ PATH, SLIPWAY_BROKEN_DISK: control, SLIPWAY_PROCESS_NAME: name },
        NODE_COMPILE_CACHE: join(CHECKOUT, ".cache", "compile"),
        SLIPWAY_PROCESS_RECORD_DIR: join(folder, "run"),
        SLIPWAY_INTERNAL_SECRET_FILE: join(folder, "secret"),
        SLIPWAY_TOKEN_KEY_FILE: join(folder, "key"),
        SLIPWAY_ADMIN_TOKEN_FILE: join(folder, "secret"),
        SLIPWAY_SCHEDULER_ADDRESSES: "127.0.0.1:9",
        SLIPWAY_HEALTH_PORT: String(port),
      };
      running = await spawnDetached({
        entry: join(CHECKOUT, "apps", name, "src", "main.ts"),
        nodeArguments: ["--import", HOOK],
        env: { ...common, ...settings(folder, port) },
        logFile: join(folder, "log"),
      });
      await until(isLive, { timeoutMs: 150_000, what: `${name} answers` });
    });
    afterAll(() => {
      for (const one of [running?.identity, ...readProcessRecords(join(folder, "run"))]) {
        if (one !== undefined) signalProcess(one, "SIGKILL", { group: true });
      }
      rmSync(folder, { recursive: true, force: true });
    });

    async function isLive(): Promise<boolean> {
      if (!isRunning(running.identity)) throw new Error(`it ended: ${readFileSync(join(folder, "log"), "utf8")}`);
      return (await fetch(`${base}/health/live`)).ok;
    }

    async function metric(name: string): Promise<number> {
      const answer = await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${SECRET}` } });
      const line = (await answer.text())
        .split("\n")
        .find((one) => one.startsWith(`${name}{`) || one.startsWith(`${name} `));
      return Number(line?.split(" ").at(-1));
    }

    for (const fault of FAULTS) {
      test(`goes on where writing fails with ${fault}`, async () => {
        writeFileSync(control, fault);
        const before = await metric("slipway_state_writes_failed_total");
        await until(async () => (await metric("slipway_state_writes_failed_total")) > before + 1);
        expect(await isLive()).toBe(true);
        expect(await metric("slipway_state_files_behind")).toBeGreaterThan(0);
        expect(await metric("slipway_log_lines_lost_total")).toBeGreaterThan(0);
      });
    }

    test("writes what it owes, and how many lines are missing, when the disk is well again", async () => {
      rmSync(control);
      await until(() => readProcessRecord(join(folder, "run"), name)?.pid === running.identity.pid);
      await until(() => readFileSync(join(folder, "log"), "utf8").includes('"lostLines":'));
      expect(await metric("slipway_state_files_behind")).toBe(0);
      expect(await isLive()).toBe(true);
    });
  });
}
