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
import { choosePort, choosePorts } from "./ports.ts";
import { type SupervisedPostgres, supervisePostgres } from "./postgres/supervise-postgres.ts";
import { awaitReady, PortTakenError } from "./processes/await-ready.ts";
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
/** How often a start chooses ports. */
const PORT_TRIES = 5;

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
    const databaseUrl = await this.#startDatabase(before.ports.postgres);
    const ports = await this.#startOnFreePorts(databaseUrl);
    await this.#finish(ports);
  }

  info(): PlatformInfo {
    if (this.#file === null) throw new Error("the platform is not ready");
    return this.#file.info();
  }

  async stop(): Promise<void> {
    this.#file?.close();
    await this.#endChildren();
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

  /** On the port of the last start when it is free, else on any. */
  async #startDatabase(remembered: number | undefined): Promise<string> {
    const external = this.#config.databaseUrl;
    if (external === null) {
      await this.#step("Started the database", async () => {
        this.#postgres = await this.#startPostgres((await choosePort(0, remembered)).port);
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

  /** Ports are chosen before the processes that listen on them start; who finds another program there makes all choose anew. */
  async #startOnFreePorts(databaseUrl: string): Promise<PlatformPorts> {
    const { report } = this.#deps;
    for (let tries = 1; ; tries += 1) {
      const state = readPlatformState(this.#layout);
      const { ports, remember } = await choosePorts(this.#config, state.ports, report);
      const postgres = this.#postgres === null ? {} : { postgres: this.#postgres.port };
      writePlatformState(this.#layout, { ...state, ports: { ...remember, ...postgres } });
      try {
        await this.#startProcesses(ports, databaseUrl);
        return ports;
      } catch (error) {
        if (!(error instanceof PortTakenError) || tries === PORT_TRIES) throw error;
        report(`Another program took the port of ${error.process} first; starting on other ports`);
        await this.#endChildren();
      }
    }
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

  async #endChildren(): Promise<void> {
    for (const child of this.#children) child.release();
    this.#children = [];
    await endOwnProcesses(this.#layout, this.#deps.clock);
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
