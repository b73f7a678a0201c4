import { type Exit, endProcess, noteRunEnd, type Spawned, spawnDetached, untilGone } from "@slipway/fleet";
import type { InferenceClient } from "@slipway/inference";
import {
  backoffDelay,
  type Clock,
  isRunning,
  keptFiles,
  type Logger,
  type ProcessIdentity,
  readProcessRecord,
  signalProcess,
  writeProcessRecord,
} from "@slipway/service-kit";
import { namedInLog } from "../converge/named-in-log.ts";
import { withDeadline } from "../with-deadline.ts";
import { isModelsFault, outOfMemoryKills, readSuspects } from "./crash-report.ts";

const RESTART = { initialMs: 100, maxMs: 10_000, jitter: 0.2 };
/** A server that ran this long counts as well again: the next restart waits the shortest time. */
const HEALTHY_AFTER_MS = 30_000;
const LOOK_EVERY_MS = 100;
const HEALTH_EVERY_MS = 1_000;
const HEALTH_TIMEOUT_MS = 3_000;
/** So many health checks in a row must fail before a server counts as away: one may be busy for a moment. */
const MISSES_TO_SILENT = 2;
/** How long a server may take from its start until it answers. */
const START_WITHIN_MS = 60_000;
/** How long an agent's start waits for an answer of the server that it adopts. */
const ADOPT_WITHIN_MS = 3_000;
/** How long a stop waits for requests in flight before it is by force. */
const STOP_GRACE_MS = 5_000;

export type ModelServerOptions = {
  entry: string;
  /** Without the settings that this supervisor adds: name, ports, crash file. */
  environment: Readonly<Record<string, string>>;
  processName: string;
  recordDir: string;
  logFile: string;
  crashFile: string;
  hungAfterMs: number;
};

export type ModelServerDeps = {
  clock: Clock;
  logger: Logger;
  random: () => number;
  connect: (baseUrl: string) => InferenceClient;
};

/** A model server that answers. Addresses are host:port. */
export type RunningModelServer = {
  identity: ProcessIdentity;
  httpAddress: string;
  grpcAddress: string;
  client: InferenceClient;
};

export type ModelServerEvents = {
  /** It answers; `adopted` when it ran before this agent, with whatever it holds. Awaited before anything else happens. */
  onUp: (server: RunningModelServer, adopted: boolean) => Promise<void>;
  /** It is gone. `suspects`: models to hold it against. */
  onDown: (suspects: string[]) => void;
  /** Anything that a report shows has changed. */
  onChange: () => void;
};

type Process = { identity: ProcessIdentity; exited: Promise<Exit> | null };

/** Keeps one model server running: adopts the one that runs, starts it when there is none, ends it when it hangs. */
export class ModelServerSupervisor {
  readonly #options: ModelServerOptions;
  readonly #deps: ModelServerDeps;
  readonly #events: ModelServerEvents;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #process: Process | null = null;
  #server: RunningModelServer | null = null;
  #reason = "it has not been started";
  /** `silent`: it answered and does not any more. */
  #health: "starting" | "healthy" | "silent" = "starting";
  #crashes = 0;
  /** Ports of the last server. The next one takes them, so that routers which hear of nothing still reach it. */
  #ports = { http: 0, grpc: 0 };

  constructor(options: ModelServerOptions, deps: ModelServerDeps, events: ModelServerEvents) {
    this.#options = options;
    this.#deps = deps;
    this.#events = events;
  }

  /** The server, while it runs; it may still be unhealthy. */
  get server(): RunningModelServer | null {
    return this.#server;
  }

  /** Why it is not ready; empty when it is. */
  get reason(): string {
    return this.#reason;
  }

  get crashes(): number {
    return this.#crashes;
  }

  /** Resolves when a running server has been adopted, or a new one is being started. */
  async start(): Promise<void> {
    const found = readProcessRecord(this.#options.recordDir, this.#options.processName);
    const identity = found !== null && isRunning(found) ? { pid: found.pid, startTime: found.startTime } : null;
    if (identity === null) {
      this.#loop = this.#run(null);
      return;
    }
    let settled = () => {};
    const adopted = new Promise<void>((resolve) => {
      settled = resolve;
    });
    this.#loop = this.#run({ identity, exited: null }, settled);
    await adopted;
  }

  /** Ends the server: it drains, then goes, by force at the latest at the deadline. */
  async stop(deadline: AbortSignal): Promise<void> {
    this.#stopping.abort(new Error("the agent stops"));
    if (this.#process !== null) {
      const { identity } = this.#process;
      await endProcess(identity, { graceMs: STOP_GRACE_MS, clock: this.#deps.clock, signal: deadline });
      noteRunEnd(this.#options.logFile, await exitOf(this.#process), this.#deps.clock.now());
    }
    await this.#loop;
  }

  async #run(adopted: Process | null, settled: () => void = () => {}): Promise<void> {
    const { clock, random, logger } = this.#deps;
    const signal = this.#stopping.signal;
    let next = adopted;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const since = clock.monotonicMs();
      try {
        const kills = outOfMemoryKills();
        this.#process = next ?? (await this.#spawn());
        const wasHung = await this.#serve(this.#process, next !== null, settled, signal);
        if (signal.aborted) break;
        const exit = await exitOf(this.#process);
        noteRunEnd(this.#options.logFile, exit, clock.now());
        this.#down({ exit, wasHung, outOfMemoryKills: outOfMemoryKills() - kills });
      } catch (error) {
        if (signal.aborted) break;
        logger.error({ err: error }, "the model server cannot be run");
        this.#setReason("it cannot be started");
      }
      settled();
      next = null;
      if (clock.monotonicMs() - since > HEALTHY_AFTER_MS) attempt = 0;
      await clock.sleep(backoffDelay(RESTART, attempt, random), signal).catch(() => undefined);
    }
    settled();
  }

  async #spawn(): Promise<Spawned> {
    const { environment, entry, processName, recordDir, logFile, crashFile } = this.#options;
    this.#setReason("it is starting");
    keptFiles.remove(crashFile);
    const ports = this.#ports;
    // Tried once: if somebody else has taken them meanwhile, the start after this one takes any.
    this.#ports = { http: 0, grpc: 0 };
    const spawned = await spawnDetached({
      entry,
      env: {
        ...environment,
        SLIPWAY_PROCESS_NAME: processName,
        SLIPWAY_PROCESS_RECORD_DIR: recordDir,
        SLIPWAY_MODEL_SERVER_HTTP_PORT: String(ports.http),
        SLIPWAY_MODEL_SERVER_GRPC_PORT: String(ports.grpc),
        SLIPWAY_CRASH_FILE: crashFile,
      },
      logFile,
    });
    writeProcessRecord(recordDir, { name: processName, ...spawned.identity, addresses: {} });
    this.#deps.logger.info({ scope: "process", serverPid: spawned.identity.pid }, "started the model server");
    return spawned;
  }

  /** Resolves when the process is gone (or the agent stops); true when it was ended because it hung. */
  async #serve(running: Process, adopted: boolean, settled: () => void, signal: AbortSignal): Promise<boolean> {
    const { clock, logger } = this.#deps;
    const wake = new AbortController();
    running.exited?.then(() => wake.abort());
    const either = AbortSignal.any([signal, wake.signal]);
    const sinceMs = clock.monotonicMs();
    let lastAnswerMs = sinceMs;
    let misses = 0;
    let allowedMs = START_WITHIN_MS;
    for (let nextLookMs = LOOK_EVERY_MS; isRunning(running.identity) && !signal.aborted; ) {
      if (await this.#answers(running)) {
        lastAnswerMs = clock.monotonicMs();
        misses = 0;
        allowedMs = this.#options.hungAfterMs;
        nextLookMs = HEALTH_EVERY_MS;
        await this.#up(running, adopted);
        settled();
      } else {
        misses += 1;
        const isAway = misses >= MISSES_TO_SILENT && isRunning(running.identity);
        if (this.#health === "healthy" && isAway) this.#silent();
        if (clock.monotonicMs() - sinceMs > ADOPT_WITHIN_MS) settled();
      }
      if (clock.monotonicMs() - lastAnswerMs > allowedMs) {
        logger.error({ scope: "process", serverPid: running.identity.pid }, "the model server hangs and is ended");
        signalProcess(running.identity, "SIGKILL", { group: true });
        await untilGone([running.identity], clock);
        return true;
      }
      await this.#sleepWhileRunning(running, nextLookMs, either);
    }
    return false;
  }

  /** Sleeps in small steps, since nobody says when a process ends that is not a child. */
  async #sleepWhileRunning(running: Process, ms: number, signal: AbortSignal): Promise<void> {
    for (let left = ms; left > 0 && !signal.aborted && isRunning(running.identity); left -= LOOK_EVERY_MS) {
      await this.#deps.clock.sleep(Math.min(left, LOOK_EVERY_MS), signal).catch(() => undefined);
    }
  }

  async #answers(running: Process): Promise<boolean> {
    const server = this.#server ?? this.#locate(running);
    if (server === null) return false;
    this.#server ??= server;
    return withDeadline(this.#deps.clock, HEALTH_TIMEOUT_MS, this.#stopping.signal, (signal) =>
      server.client.live(signal),
    ).catch(() => false);
  }

  /** Where the process listens, once it has said so. */
  #locate(running: Process): RunningModelServer | null {
    const record = readProcessRecord(this.#options.recordDir, this.#options.processName);
    if (record?.pid !== running.identity.pid) return null;
    const { http, grpc } = record.addresses;
    if (http === undefined || grpc === undefined) return null;
    const [httpAddress, grpcAddress] = [authorityOf(http), authorityOf(grpc)];
    const client = this.#deps.connect(`http://${httpAddress}`);
    return { identity: running.identity, httpAddress, grpcAddress, client };
  }

  async #up(running: Process, adopted: boolean): Promise<void> {
    const server = this.#server;
    if (server === null || this.#health === "healthy") return;
    this.#ports = { http: portOf(server.httpAddress), grpc: portOf(server.grpcAddress) };
    if (this.#health === "starting") {
      const { logger } = this.#deps;
      logger.info({ scope: "process", serverPid: running.identity.pid, adopted }, "the model server is up");
      await this.#events.onUp(server, adopted).catch((error: unknown) => {
        logger.error({ err: error }, "what the model server holds cannot be read");
      });
    }
    this.#health = "healthy";
    this.#setReason("");
  }

  #silent(): void {
    this.#health = "silent";
    this.#setReason("it does not answer its health check");
  }

  #down(end: Parameters<typeof isModelsFault>[0]): void {
    this.#crashes += 1;
    this.#process = null;
    this.#server = null;
    this.#health = "starting";
    const suspects = isModelsFault(end) ? readSuspects(this.#options.crashFile) : [];
    const { logger } = this.#deps;
    logger.warn({ scope: "process", ...end }, "the model server ended");
    // A line each, since on a shared server they are several people's.
    for (const key of suspects) logger.warn(namedInLog(key), "this model was loading or running when it ended");
    this.#events.onDown(suspects);
    this.#setReason(end.wasHung ? "it hung and is being started again" : "it ended and is being started again");
  }

  #setReason(reason: string): void {
    if (this.#reason === reason) return;
    this.#reason = reason;
    this.#events.onChange();
  }
}

/** How a process ended; null when nobody can know. */
async function exitOf(running: Process): Promise<Exit | null> {
  return running.exited === null ? null : await running.exited;
}

/** host:port of an address that may carry a scheme. */
function authorityOf(address: string): string {
  return address.includes("://") ? new URL(address).host : address;
}

function portOf(authority: string): number {
  return Number(authority.slice(authority.lastIndexOf(":") + 1));
}
