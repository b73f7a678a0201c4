import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PENDING_STATUS, type ResourceStatus } from "@slipway/contracts";
import type { Db } from "@slipway/db";
import { CHECKOUT } from "@slipway/platform";
import { dataDirLayout, readProcessRecord, writeFileAtomically } from "@slipway/service-kit";
import { until } from "./until.ts";

export type TestConsoleOptions = {
  databaseUrl: string;
  /** Serve the pages too, which must have been built; not unless asked. */
  ui?: boolean;
  /** What pages and command lines are told; nothing has to listen there. */
  gatewayUrl?: string;
};

/** A console process alone, without scheduler or gateway, with a data directory that a command line can use. */
export type TestConsole = {
  url: string;
  dataDir: string;
  pid: number;
  /** What it has logged so far, over all its runs. */
  readLog(): string;
  /** A request to REST with the administrator's token; `path` is below /api/v1. */
  api(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Ends the process as a crash would; `start` runs it again on the same port. */
  kill9(): Promise<void>;
  start(): Promise<void>;
  /** Ends the process cleanly and keeps its data directory. */
  halt(): Promise<void>;
  /** Ends the process cleanly and removes its data directory. */
  stop(): Promise<void>;
};

const MAIN = join(CHECKOUT, "apps", "console", "src", "main.ts");

/** Starts a console on a database; resolves when it is ready. `stop` it in the end. */
export async function startTestConsole(options: TestConsoleOptions): Promise<TestConsole> {
  const dataDir = mkdtempSync(join(tmpdir(), "slipway-console-"));
  const layout = dataDirLayout(dataDir);
  const adminToken = randomBytes(32).toString("base64url");
  writeFileAtomically(layout.adminToken, adminToken);
  writeFileAtomically(layout.internalSecret, randomBytes(32).toString("hex"));
  writeFileAtomically(layout.tokenKey, randomBytes(32).toString("hex"));
  const gatewayUrl = options.gatewayUrl ?? "http://127.0.0.1:9";
  let port = "0";
  let child: { pid: number; exited: Promise<void> } | null = null;

  const logFile = join(dataDir, "console.log");
  async function start(): Promise<void> {
    const log = openSync(logFile, "a");
    const process = spawn(globalThis.process.execPath, [MAIN], {
      stdio: ["ignore", log, "inherit"],
      env: {
        DATABASE_URL: options.databaseUrl,
        NODE_ENV: "production",
        SLIPWAY_CONSOLE_PORT: port,
        SLIPWAY_CONSOLE_UI: options.ui === true ? "1" : "0",
        SLIPWAY_GATEWAY_URL: gatewayUrl,
        SLIPWAY_TOKEN_KEY_FILE: layout.tokenKey,
        SLIPWAY_ADMIN_TOKEN_FILE: layout.adminToken,
        SLIPWAY_INTERNAL_SECRET_FILE: layout.internalSecret,
        SLIPWAY_SCHEDULER_ADDRESSES: "127.0.0.1:9",
        SLIPWAY_REGISTRY_DIR: layout.registry,
        SLIPWAY_MODEL_ROOTS: CHECKOUT,
        SLIPWAY_PROCESS_RECORD_DIR: layout.processes,
      },
    });
    closeSync(log);
    const { pid } = process;
    if (pid === undefined) throw new Error("the console did not start");
    child = { pid, exited: new Promise((resolve) => process.once("exit", () => resolve())) };
    const isReady = async () => {
      const http = readProcessRecord(layout.processes, "console")?.addresses.http;
      if (http === undefined || !(await fetch(`${http}/health/ready`)).ok) return null;
      return http;
    };
    const url = await until(isReady, { timeoutMs: 30_000, everyMs: 30, what: "the console is ready" });
    port = new URL(url).port;
    writeFileAtomically(layout.credentials, JSON.stringify({ apiUrl: url, token: adminToken }));
    writeFileSync(layout.platformFile, JSON.stringify({ consoleUrl: url, gatewayUrl }));
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child === null) return;
    process.kill(child.pid, signal);
    await child.exited;
    child = null;
  }

  await start();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    dataDir,
    get pid() {
      if (child === null) throw new Error("the console does not run");
      return child.pid;
    },
    readLog: () => readFileSync(logFile, "utf8"),
    async api(method, path, body) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json().catch(() => null) };
    },
    kill9: () => end("SIGKILL"),
    start,
    halt: () => end("SIGTERM"),
    async stop() {
      await end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Says of a resource what its scheduler would, where a test runs none. */
export async function writeTestStatus(db: Db, uid: string, status: Partial<ResourceStatus>): Promise<void> {
  await db.pool.query(
    `WITH written AS (
       INSERT INTO resource_status AS s (uid, status) VALUES ($1, $2)
       ON CONFLICT (uid) DO UPDATE SET status = EXCLUDED.status, updated_at = now(),
         lifecycle_since = CASE WHEN s.lifecycle = EXCLUDED.status ->> 'lifecycle' THEN s.lifecycle_since ELSE now() END
     )
     INSERT INTO change (uid, "group", kind, name, part)
     SELECT uid, "group", kind, name, 'status' FROM resource WHERE uid = $1`,
    [uid, JSON.stringify({ ...PENDING_STATUS, ...status })],
  );
}
