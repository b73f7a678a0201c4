import { join } from "node:path";
import { migrate } from "@slipway/db";
import { type Clock, type DataDirLayout, writeFileAtomically } from "@slipway/service-kit";
import type { PlatformConfig } from "./config.ts";
import { openDataDirectory, openSecrets, type Secrets } from "./data-directory/open-data-directory.ts";
import { readPlatformState, writePlatformState } from "./data-directory/platform-state.ts";
import { takeSupervisorLock } from "./data-directory/supervisor-lock.ts";
import { createConsoleApi } from "./getting-started/console-api.ts";
import { DEFAULT_SERVER } from "./getting-started/demos.ts";
import { awaitServing, createDefaultServer, deployDemos, tryItLine } from "./getting-started/set-up.ts";
import { choosePort } from "./ports.ts";
import { type SupervisedPostgres, supervisePostgres } from "./postgres/supervise-postgres.ts";
import { awaitReady } from "./processes/await-ready.ts";
import { childSpecs, type PlatformPorts } from "./processes/child-specs.ts";
import { endOwnProcesses } from "./processes/end-processes.ts";
import { keepPlatformFile, type PlatformFile, type PlatformInfo } from "./processes/platform-file.ts";
import { type SupervisedChild, supervise } from "./processes/supervise.ts";

export type PlatformDeps = {
  clock: Clock;
  /** Takes one line for people. */
  report: (line: string) => void;
  random: () => number;
  /** Breaks off a start that is under way; what had started is stopped. */
  signal: AbortSignal;
};

export type Platform = {
  /** As platform.json says it now. */
  info(): PlatformInfo;
  /** A command that calls a demo; null when there is none. */
  tryIt: string | null;
  /** Ends everything that belongs to the data directory within 10 s and gives it free. */
  stop(): Promise<void>;
};

const READY_TIMEOUT_MS = 60_000;
const SERVING_TIMEOUT_MS = 60_000;

/**
 * Starts a whole platform on a data directory and keeps it running: database, schedulers, gateway, console; on the first
 * start also the default server and the demos. Resolves when all is ready and platform.json is written.
 * @throws PlatformError in words; everything that had started is stopped then
 */
export async function startPlatform(config: PlatformConfig, deps: PlatformDeps): Promise<Platform> {
  const layout = openDataDirectory(config.dataDir);
  const lock = await takeSupervisorLock(layout.lockFile, deps.clock);
  const run = new PlatformRun(config, deps, layout, openSecrets(layout));
  try {
    await run.start();
  } catch (error) {
    await run.stop();
    lock.release();
    throw error;
  }
  let stopped: Promise<void> | undefined;
  return {
    info: () => run.info(),
    tryIt: run.tryIt,
    stop() {
      stopped ??= run.stop().finally(() => lock.release());
      return stopped;
    },
  };
}

/** One run of a platform: what has started so far, so that a failed start and a stop end the same things. */
class PlatformRun {
  readonly #config: PlatformConfig;
  readonly #deps: PlatformDeps;
  readonly #layout: DataDirLayout;
  readonly #secrets: Secrets;
  #postgres: SupervisedPostgres | null = null;
  #children: SupervisedChild[] = [];
  #file: PlatformFile | null = null;
  tryIt: string | null = null;

  constructor(config: PlatformConfig, deps: PlatformDeps, layout: DataDirLayout, secrets: Secrets) {
    this.#config = config;
    this.#deps = deps;
    this.#layout = layout;
    this.#secrets = secrets;
  }

  async start(): Promise<void> {
    const before = readPlatformState(this.#layout);
    await this.#endLeftovers();
    const ports = await this.#choosePorts(before.ports);
    const databaseUrl = await this.#startDatabase(ports.postgres);
    await this.#startProcesses(ports, databaseUrl);
    await this.#finish(ports);
  }

  info(): PlatformInfo {
    if (this.#file === null) throw new Error("the platform is not ready");
    return this.#file.info();
  }

  async stop(): Promise<void> {
    this.#file?.close();
    for (const child of this.#children) child.release();
    await endOwnProcesses(this.#layout, this.#deps.clock);
    await this.#postgres?.stop();
  }

  async #step(title: string, work: () => Promise<unknown>): Promise<void> {
    this.#deps.signal.throwIfAborted();
    const startedMs = this.#deps.clock.monotonicMs();
    const detail = await work();
    const took = ((this.#deps.clock.monotonicMs() - startedMs) / 1000).toFixed(1);
    this.#deps.report(`${title}${typeof detail === "string" ? `: ${detail}` : ""} (${took} s)`);
  }

  /** What a supervisor that was killed left running: its agents and model servers go on serving and are adopted, the rest starts anew. */
  async #endLeftovers(): Promise<void> {
    const keep = ({ name }: { name: string }) => /^(agent|model-server)-/.test(name);
    const ended = await endOwnProcesses(this.#layout, this.#deps.clock, keep);
    if (ended.length > 0)
      this.#deps.report(
        `Ended what an earlier start left behind: ${ended.map(({ name, pid }) => `${name} (process ${pid})`).join(", ")}`,
      );
  }

  async #choosePorts(remembered: Readonly<Record<string, number>>): Promise<PlatformPorts> {
    const chosen: Record<string, number> = {};
    const choose = async (name: string, wished: number, what: string) => {
      const { port, isTaken } = await choosePort(wished, remembered[name]);
      if (isTaken) this.#deps.report(`Port ${wished} is taken; ${what} is on ${port} instead`);
      chosen[name] = port;
      return port;
    };
    const { console, gateway, gatewayGrpc } = this.#config.ports;
    const ports = {
      console: await choose("console", console, "the console"),
      gateway: await choose("gateway", gateway, "the gateway"),
      gatewayGrpc: await choose("gatewayGrpc", gatewayGrpc, "the gateway's gRPC"),
      postgres: this.#config.databaseUrl === null ? await choose("postgres", 0, "postgres") : 0,
      schedulers: await this.#chooseSchedulerPorts(choose),
    };
    writePlatformState(this.#layout, { ...readPlatformState(this.#layout), ports: chosen });
    return ports;
  }

  async #chooseSchedulerPorts(
    choose: (name: string, wished: number, what: string) => Promise<number>,
  ): Promise<number[]> {
    const ports: number[] = [];
    for (let index = 0; index < this.#config.schedulerReplicas; index += 1) {
      ports.push(await choose(`scheduler-${index}`, 0, "the scheduler"));
    }
    return ports;
  }

  async #startDatabase(port: number): Promise<string> {
    const external = this.#config.databaseUrl;
    if (external === null) {
      await this.#step("Started the database", async () => {
        this.#postgres = await this.#startPostgres(port);
        return this.#postgres.version;
      });
    }
    const url = external ?? this.#postgres?.url;
    if (url === undefined) throw new Error("there is no database");
    await this.#step("Brought the database to the newest schema", async () => {
      const applied = await migrate(url);
      return applied.length === 0 ? "nothing to do" : `${applied.length} migrations`;
    });
    return url;
  }

  #startPostgres(port: number): Promise<SupervisedPostgres> {
    const { clock, report, signal } = this.#deps;
    return supervisePostgres(
      {
        folder: this.#layout.postgres,
        ownFolders: [this.#layout.root],
        port,
        password: this.#secrets.postgres,
        logFile: join(this.#layout.logs, "postgres.log"),
        durable: true,
        pathVariable: this.#config.inherited.PATH ?? "",
        clock,
      },
      { recordDir: this.#layout.processes, report, clock, signal },
    );
  }

  async #startProcesses(ports: PlatformPorts, databaseUrl: string): Promise<void> {
    const { clock, report, random, signal } = this.#deps;
    const recordDir = this.#layout.processes;
    const { schedulers, gateway, console } = childSpecs(this.#config, this.#layout, ports, databaseUrl);
    for (const spec of [...schedulers, gateway, console]) {
      this.#children.push(await supervise(spec, { clock, recordDir, report, random }));
    }
    for (const child of this.#children) {
      await this.#step(`Started ${child.name}`, () =>
        awaitReady(child, { recordDir, clock, signal, timeoutMs: READY_TIMEOUT_MS }),
      );
    }
  }

  /** The parts that go through the interface that everybody uses: the default server, demos, the first token, the sign-in link. */
  async #finish(ports: PlatformPorts): Promise<void> {
    const consoleUrl = `http://127.0.0.1:${ports.console}`;
    const gatewayUrl = `http://127.0.0.1:${ports.gateway}`;
    const { clock, signal, report } = this.#deps;
    const api = createConsoleApi(consoleUrl, this.#secrets.admin, signal);
    writeFileAtomically(
      this.#layout.credentials,
      `${JSON.stringify({ apiUrl: consoleUrl, token: this.#secrets.admin })}\n`,
    );
    await this.#once("server", "Made the shared server onnx", () => createDefaultServer(api));
    if (this.#config.demo) await this.#once("demos", "Deployed the demo models", () => deployDemos(api));
    const wait = { clock, signal, timeoutMs: SERVING_TIMEOUT_MS };
    const { name, group } = DEFAULT_SERVER.metadata;
    await this.#step("Waited for the model servers", () => awaitServing(api, "servers", name, group, wait));
    const tryIt = await tryItLine(api, gatewayUrl, wait);
    if (tryIt !== null) this.tryIt = tryIt.line;
    if (tryIt?.notYet) report(`Not serving yet: ${tryIt.notYet}`);
    const signInUrl = await api.createSignInLink();
    const fixed = { consoleUrl, signInUrl, gatewayUrl, gatewayGrpc: `127.0.0.1:${ports.gatewayGrpc}` };
    this.#file = keepPlatformFile(this.#layout, fixed, clock);
  }

  /** Does what a data directory needs once, and remembers it: what a person deletes afterwards stays deleted. */
  async #once(name: "server" | "demos", title: string, work: () => Promise<void>): Promise<void> {
    if (readPlatformState(this.#layout).done.includes(name)) return;
    await this.#step(title, work);
    const state = readPlatformState(this.#layout);
    writePlatformState(this.#layout, { ...state, done: [...state.done, name] });
  }
}
