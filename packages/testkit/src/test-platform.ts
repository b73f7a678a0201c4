import { type ChildProcess, execFile, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createdClientToken } from "@slipway/contracts";
import { CHECKOUT, ownProcesses, type PlatformInfo, platformInfo } from "@slipway/platform";
import { dataDirLayout, identify, readProcessRecord, signalProcess } from "@slipway/service-kit";
import * as z from "zod";
import { endWithRun } from "./end-with-run.ts";
import { until } from "./until.ts";

export type TestPlatformOptions = {
  /** Deploy the demo models; not unless asked. */
  demo?: boolean;
  schedulerReplicas?: number;
  /** Serve the console's pages, which must have been built; not unless asked. */
  consoleUi?: boolean;
  /** Another start on the data of an earlier one; a new temporary folder when unsaid. */
  dataDir?: string;
  /** More environment for the supervisor. */
  env?: Readonly<Record<string, string>>;
};

/** How a command of the command line ended. */
export type CliResult = { code: number; stdout: string; stderr: string };

/** A whole platform with the very processes that `npm start` runs, on free ports and data of its own. */
export type TestPlatform = {
  readonly dataDir: string;
  /** As platform.json says it now. */
  readonly info: PlatformInfo;
  processes(): { name: string; pid: number }[];
  pidOf(name: string): number;
  /** What the supervisor has printed so far. */
  output(): string;
  cli(...args: string[]): Promise<CliResult>;
  /** A request to REST with the administrator's token; `path` is below /api/v1. */
  api(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Deploys a model file under a name and waits until it serves. */
  deploy(name: string, modelPath: string): Promise<void>;
  createToken(deployment: string, client: string): Promise<string>;
  /** Kills a process as a crash would; the supervisor itself by the name `supervisor`. */
  kill9(name: string): void;
  /** Sends a signal to a process, e.g. SIGSTOP. */
  signal(name: string, signal: NodeJS.Signals): void;
  /** Stops cleanly and starts again on the same data. */
  restart(): Promise<void>;
  /** Starts a supervisor on the same data, e.g. after it was killed. */
  start(): Promise<void>;
  /** Stops cleanly and keeps the data; answers how long it took and the exit code. */
  halt(): Promise<{ ms: number; code: number | null }>;
  /** Stops, ends what might be left, and removes the data. */
  stop(): Promise<void>;
};

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 20_000;
const MAIN = join(CHECKOUT, "apps", "cli", "src", "main.ts");

/** Platforms that still run when the test process ends, so that it leaves nothing behind. */
const alive = new Set<() => void>();
process.on("exit", () => {
  for (const end of alive) end();
});

/** Starts a platform; resolves when it is ready. `stop` it in the end. */
export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "slipway-platform-"));
  const layout = dataDirLayout(dataDir);
  const outputFile = `${dataDir}.log`;
  const env = environment(dataDir, options);
  let supervisor: { child: ChildProcess; exited: Promise<number | null> } | null = null;

  async function start(): Promise<void> {
    const output = openSync(outputFile, "a", 0o600);
    const from = statSync(outputFile).size;
    const child = spawn(process.execPath, [MAIN, "up"], { stdio: ["ignore", output, output], env, detached: true });
    closeSync(output);
    const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
    let isOver = false;
    void exited.then(() => {
      isOver = true;
    });
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (identity !== null) void exited.then(endWithRun(identity, "TERM", dataDir));
    supervisor = { child, exited };
    const isReady = () => isOver || readFileSync(outputFile, "utf8").slice(from).includes("Slipway is ready");
    await until(isReady, { timeoutMs: START_LIMIT_MS, everyMs: 50, what: "the platform is ready" }).catch(endAll);
    if (isOver || !isReady()) throw new Error(`the platform did not start:\n${readFileSync(outputFile, "utf8")}`);
  }

  /** Whatever carries this data directory in its environment, and the supervisor; nothing else. */
  function endAll(): void {
    supervisor?.child.kill("SIGKILL");
    const postgres = readProcessRecord(layout.processes, "postgres");
    for (const process of [...ownProcesses(layout), ...(postgres === null ? [] : [postgres])]) {
      signalProcess(process, "SIGKILL", { group: true });
    }
  }

  async function halt(): Promise<{ ms: number; code: number | null }> {
    const startedMs = performance.now();
    if (supervisor === null) return { ms: 0, code: null };
    supervisor.child.kill("SIGTERM");
    const timer = setTimeout(endAll, STOP_LIMIT_MS);
    const code = await supervisor.exited;
    clearTimeout(timer);
    supervisor = null;
    return { ms: performance.now() - startedMs, code };
  }

  const info = () => platformInfo.parse(JSON.parse(readFileSync(layout.platformFile, "utf8")));
  const pidOf = (name: string) => {
    const pid = name === "supervisor" ? supervisor?.child.pid : info().processes.find((one) => one.name === name)?.pid;
    if (pid === undefined) throw new Error(`no process ${name} runs`);
    return pid;
  };
  const credentials = () =>
    z.object({ apiUrl: z.string(), token: z.string() }).parse(JSON.parse(readFileSync(layout.credentials, "utf8")));

  alive.add(endAll);
  await start().catch((error: unknown) => {
    endAll();
    throw error;
  });

  const platform: TestPlatform = {
    dataDir,
    get info() {
      return info();
    },
    processes: () => info().processes,
    pidOf,
    output: () => readFileSync(outputFile, "utf8"),
    cli: (...args) => runCli(args, env),
    async api(method, path, body) {
      const { apiUrl, token } = credentials();
      const response = await fetch(`${apiUrl}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json().catch(() => null) };
    },
    async deploy(name, modelPath) {
      const variants = [{ model: { uri: pathToFileURL(modelPath).href } }];
      const manifest = { apiVersion: "slipway.dev/v1", kind: "Deployment", metadata: { name }, spec: { variants } };
      const applied = await platform.api("POST", "/apply", { manifest: JSON.stringify(manifest) });
      if (applied.status !== 200) throw new Error(`deploying ${name} was refused: ${JSON.stringify(applied.body)}`);
      await until(async () => lifecycleOf((await platform.api("GET", `/deployments/${name}`)).body) === "Live", {
        timeoutMs: 60_000,
        what: `${name} is Live`,
      });
    },
    async createToken(deployment, client) {
      const { body } = await platform.api("POST", `/deployments/${deployment}/tokens`, { client });
      return createdClientToken.parse(body).token;
    },
    kill9: (name) => void process.kill(pidOf(name), "SIGKILL"),
    signal: (name, signal) => void process.kill(pidOf(name), signal),
    start,
    halt,
    async restart() {
      await halt();
      await start();
    },
    async stop() {
      await halt();
      endAll();
      alive.delete(endAll);
      rmSync(dataDir, { recursive: true, force: true });
      rmSync(outputFile, { force: true });
    },
  };
  return platform;
}

function lifecycleOf(resource: unknown): string {
  return z.object({ status: z.object({ lifecycle: z.string() }) }).parse(resource).status.lifecycle;
}

function environment(dataDir: string, options: TestPlatformOptions): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: the platform under test gets the PATH, home and caches of whoever tests
  const { DATABASE_URL: _, ...inherited } = process.env;
  return {
    ...inherited,
    SLIPWAY_DATA_DIR: dataDir,
    SLIPWAY_CONSOLE_PORT: "0",
    SLIPWAY_GATEWAY_PORT: "0",
    SLIPWAY_GATEWAY_GRPC_PORT: "0",
    SLIPWAY_DEMO: options.demo === true ? "1" : "0",
    SLIPWAY_CONSOLE_UI: options.consoleUi === true ? "1" : "0",
    SLIPWAY_SCHEDULER_REPLICAS: String(options.schedulerReplicas ?? 1),
    ...options.env,
    NODE_ENV: "test",
  };
}

function runCli(args: readonly string[], env: NodeJS.ProcessEnv): Promise<CliResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}
