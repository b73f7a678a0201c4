import { join } from "node:path";
import {
  backoffDelay,
  type Clock,
  isRunning,
  type Logger,
  type ProcessIdentity,
  readProcessRecord,
  signalProcess,
  writeProcessRecord,
} from "@slipway/service-kit";
import type { FleetEvent, ReplicaSpec } from "../driver.ts";
import { trimLog } from "../logs/open-log.ts";
import { noteRunEnd } from "../logs/run-marks.ts";
import { untilGone } from "../processes/end-process.ts";
import { type Exit, spawnDetached } from "../processes/spawn-detached.ts";
import { askHealth, watchAnswers } from "../processes/watch-answers.ts";
import { agentEnvironment, replicaLayout, settingsDigest } from "./agent-environment.ts";
import type { LocalFleetConfig } from "./config.ts";
import type { ReplicaRecords } from "./replica-records.ts";

export type SupervisedReplicaDeps = {
  config: LocalFleetConfig;
  records: ReplicaRecords;
  inherited: Readonly<Record<string, string>>;
  clock: Clock;
  logger: Logger;
  random: () => number;
  emit: (event: FleetEvent) => void;
};

/** How often a running replica is looked at, in milliseconds; the exit of a child is noticed at once. */
const LOOK_EVERY_MS = 500;
/** How often the size of its logs is looked at, in looks. */
const TRIM_EVERY_LOOKS = 10;

/** Keeps one replica's agent running until it is let go. */
export class SupervisedReplica {
  readonly spec: ReplicaSpec;
  readonly suffix: string;
  readonly #deps: SupervisedReplicaDeps;
  readonly #environment: Record<string, string>;
  readonly #settings: string;
  readonly #released = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(spec: ReplicaSpec, suffix: string, deps: SupervisedReplicaDeps) {
    this.spec = spec;
    this.suffix = suffix;
    this.#deps = deps;
    this.#environment = agentEnvironment(deps.config, spec, suffix, deps.inherited);
    this.#settings = settingsDigest(this.#environment);
  }

  /** Adopts or starts the agent, then keeps it running. @throws when it cannot be started */
  async start(signal: AbortSignal): Promise<void> {
    const agent = await this.#ensure(signal);
    this.#loop = this.#keep(agent).catch((error: unknown) => {
      this.#deps.logger.error({ err: error, replica: this.suffix }, "supervision of a replica ended");
    });
  }

  /** Lets go of the agent without touching it. */
  async release(): Promise<void> {
    this.#released.abort(new Error("released"));
    await this.#loop;
  }

  async #keep(first: Running): Promise<void> {
    const { clock, config, random, records, emit, logger } = this.#deps;
    const signal = this.#released.signal;
    let running = first;
    for (let attempt = 0; ; ) {
      const since = clock.monotonicMs();
      await this.#untilGone(running, signal);
      if (signal.aborted) return;
      await this.#noteEnd(running);
      if (clock.monotonicMs() - since >= config.healthyAfterMs) attempt = 0;
      for (let up = false; !up; ) {
        const restartInMs = backoffDelay(config.restart, attempt, random);
        attempt += 1;
        emit({ kind: "exited", key: this.spec, pid: running.identity.pid, atMs: clock.now(), restartInMs });
        logger.warn({ replica: this.suffix, agentPid: running.identity.pid, restartInMs }, "an agent died");
        await clock.sleep(restartInMs, signal).catch(() => undefined);
        // Removed by another leader while this one was not looking: it is not for us to bring it back.
        if (signal.aborted || (records.find(this.spec)?.removed ?? true)) return;
        const next = await this.#ensure(signal).catch((error: unknown) => this.#report(error, attempt));
        if (next === null) continue;
        running = next;
        up = true;
      }
    }
  }

  async #noteEnd({ exited }: Running): Promise<void> {
    const { clock, config } = this.#deps;
    const exit = exited === null ? null : await exited;
    noteRunEnd(replicaLayout(config.dataDir, this.suffix).agentLog, exit, clock.now());
  }

  #report(error: unknown, attempt: number): null {
    const { clock, config, random, emit, logger } = this.#deps;
    if (this.#released.signal.aborted) return null;
    const restartInMs = backoffDelay(config.restart, attempt, random);
    logger.error({ err: error, replica: this.suffix }, "an agent cannot be started");
    emit({ kind: "failed", key: this.spec, atMs: clock.now(), reason: "it cannot be started", restartInMs });
    return null;
  }

  async #ensure(signal: AbortSignal): Promise<Running> {
    return (await this.#adopt(signal)) ?? (await this.#spawn(signal));
  }

  /** The agent that runs, if it was told what it would be told now; any other one makes way. */
  async #adopt(signal: AbortSignal): Promise<Running | null> {
    const { config, records, clock, emit, logger } = this.#deps;
    const record = records.find(this.spec);
    const name = replicaLayout(config.dataDir, this.suffix).agent;
    // The agent writes a record too, so one is found that was started by a scheduler which died before it could note it.
    const candidates = [record?.agent ?? null, readProcessRecord(join(config.dataDir, "run"), name)];
    const agent = candidates.find((candidate) => candidate !== null && isRunning(candidate)) ?? null;
    if (agent === null) return null;
    const identity = { pid: agent.pid, startTime: agent.startTime };
    if (record !== null && record.settings === this.#settings && !record.removed) {
      emit({ kind: "started", key: this.spec, pid: identity.pid, atMs: clock.now(), adopted: true });
      return { identity, exited: null };
    }
    logger.info({ replica: this.suffix, agentPid: identity.pid }, "an agent with other settings makes way");
    // By force, so that it leaves its model server running for the next agent.
    signalProcess(identity, "SIGKILL", { group: true });
    await untilGone([identity], clock, signal);
    return null;
  }

  async #spawn(signal: AbortSignal): Promise<Running> {
    const { config, records, clock, emit, logger } = this.#deps;
    signal.throwIfAborted();
    const layout = replicaLayout(config.dataDir, this.suffix);
    const base = { spec: { ...this.spec, capabilities: [...this.spec.capabilities] }, suffix: this.suffix };
    records.write({ ...base, agent: null, settings: this.#settings, removed: false });
    const spawned = await spawnDetached({
      entry: config.agentEntry,
      env: this.#environment,
      logFile: layout.agentLog,
    });
    records.write({ ...base, agent: spawned.identity, settings: this.#settings, removed: false });
    writeProcessRecord(join(config.dataDir, "run"), { name: layout.agent, ...spawned.identity, addresses: {} });
    logger.info({ replica: this.suffix, agentPid: spawned.identity.pid }, "started an agent");
    emit({ kind: "started", key: this.spec, pid: spawned.identity.pid, atMs: clock.now(), adopted: false });
    return spawned;
  }

  async #untilGone(running: Running, signal: AbortSignal): Promise<void> {
    const { clock, config } = this.#deps;
    const layout = replicaLayout(config.dataDir, this.suffix);
    const wake = new AbortController();
    running.exited?.then(() => wake.abort());
    const either = AbortSignal.any([signal, wake.signal]);
    void this.#endWhenHung(running.identity, either);
    for (let looks = 1; !either.aborted && isRunning(running.identity); looks += 1) {
      await clock.sleep(LOOK_EVERY_MS, either).catch(() => undefined);
      if (looks % TRIM_EVERY_LOOKS !== 0) continue;
      trimLog(layout.agentLog, config.logLimits, clock.now());
      trimLog(layout.modelServerLog, config.logLimits, clock.now());
    }
    wake.abort();
  }

  /** Ends the agent by force when it does not answer, so that it is started again like one that died. */
  async #endWhenHung(identity: ProcessIdentity, signal: AbortSignal): Promise<void> {
    const { clock, config, logger } = this.#deps;
    const address = () => {
      const record = readProcessRecord(join(config.dataDir, "run"), replicaLayout(config.dataDir, this.suffix).agent);
      return record?.pid === identity.pid ? (record.addresses.health ?? null) : null;
    };
    const { hungAfterMs, startWithinMs } = config;
    const watch = { ask: askHealth(address), clock, hungAfterMs, startWithinMs };
    if (!(await watchAnswers(watch, signal))) return;
    logger.error({ replica: this.suffix, agentPid: identity.pid }, "an agent hangs and is ended");
    signalProcess(identity, "SIGKILL", { group: true });
  }
}

/** An agent that runs; `exited` is null for one that was adopted, which is not a child of this process. */
type Running = { identity: ProcessIdentity; exited: Promise<Exit> | null };
