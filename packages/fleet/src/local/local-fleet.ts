import { rmSync, statSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { LogAnswer, LogQuery } from "@slipway/contracts";
import {
  type Clock,
  isRunning,
  type Logger,
  type ProcessIdentity,
  readProcessRecord,
  removeProcessRecord,
} from "@slipway/service-kit";
import type { FleetCapacity, FleetDriver, FleetEvent, ReplicaKey } from "../driver.ts";
import { type ReplicaSpec, type RunningReplica, replicaId } from "../driver.ts";
import { LogDesk } from "../logs/log-desk.ts";
import type { LogScope, LogSource } from "../logs/log-scope.ts";
import { trimLog } from "../logs/open-log.ts";
import { endProcess } from "../processes/end-process.ts";
import { replicaLayout } from "./agent-environment.ts";
import type { LocalFleetConfig } from "./config.ts";
import { type ReplicaRecord, ReplicaRecords } from "./replica-records.ts";
import { SupervisedReplica } from "./supervised-replica.ts";

export type LocalFleetDeps = {
  clock: Clock;
  logger: Logger;
  /** Gives [0, 1); spreads restarts. */
  random: () => number;
  /** What agents inherit: see `inheritedEnvironment`. */
  inherited: Readonly<Record<string, string>>;
};

/**
 * The driver of one host: each replica is a process group of its own that outlives the scheduler. What runs is known by
 * records with pid and start time in the data directory, so the next scheduler adopts it, and nothing is ever signalled
 * that is not provably one of them.
 */
export function createLocalFleet(config: LocalFleetConfig, deps: LocalFleetDeps): FleetDriver {
  return new LocalFleet(config, deps);
}

/** How many replicas that do not hold an object are looked through for its lines: those that wrote last. */
const MAX_OTHER_REPLICAS = 20;
/** How often the logs of replicas that are gone are looked at. */
const TRIM_GONE_EVERY_MS = 3_600_000;

class LocalFleet implements FleetDriver {
  readonly #config: LocalFleetConfig;
  readonly #deps: LocalFleetDeps;
  readonly #records: ReplicaRecords;
  readonly #runDir: string;
  readonly #supervised = new Map<string, SupervisedReplica>();
  readonly #listeners = new Set<(event: FleetEvent) => void>();
  /** One call at a time for each replica: a stop that comes during a start waits for it. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #logs: LogDesk;
  #cancelTrim: (() => void) | null = null;

  constructor(config: LocalFleetConfig, deps: LocalFleetDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#records = new ReplicaRecords(join(config.dataDir, "fleet"));
    this.#runDir = join(config.dataDir, "run");
    this.#logs = new LogDesk(deps.clock);
  }

  start(spec: ReplicaSpec, signal: AbortSignal): Promise<void> {
    return this.#inTurn(spec, async () => {
      const id = replicaId(spec);
      const current = this.#supervised.get(id);
      if (current !== undefined) {
        if (sameSpec(current.spec, spec)) return;
        this.#supervised.delete(id);
        await current.release();
      }
      const suffix = this.#records.find(spec)?.suffix ?? this.#records.suffixFor(spec);
      const replica = new SupervisedReplica(spec, suffix, {
        ...this.#deps,
        config: this.#config,
        records: this.#records,
        emit: (event) => this.#emit(event),
      });
      await replica.start(signal);
      this.#supervised.set(id, replica);
      if (this.#cancelTrim === null) this.#trimLogsOfGone();
    });
  }

  stop(key: ReplicaKey, signal: AbortSignal): Promise<void> {
    return this.#inTurn(key, async () => {
      const id = replicaId(key);
      await this.#supervised.get(id)?.release();
      this.#supervised.delete(id);
      const record = this.#records.find(key);
      if (record === null || (record.removed && !this.#isSeen(record))) return;
      // Noted first: whoever finds the agent gone from now on knows that it was meant to go.
      this.#records.write({ ...record, removed: true });
      await this.#end(record, signal);
      this.#records.write({ ...record, agent: null, removed: true });
      this.#emit({ kind: "stopped", key, atMs: this.#deps.clock.now() });
    });
  }

  async #end(record: ReplicaRecord, signal: AbortSignal): Promise<void> {
    const layout = replicaLayout(this.#config.dataDir, record.suffix);
    const options = { graceMs: this.#config.drainMs, clock: this.#deps.clock, signal };
    // The agent ends its model server itself; what it leaves behind is ended after it.
    for (const identity of [record.agent, readProcessRecord(this.#runDir, layout.agent)]) {
      if (identity !== null) await endProcess(identity, options);
    }
    const modelServer = readProcessRecord(this.#runDir, layout.modelServer);
    if (modelServer !== null) await endProcess(modelServer, options);
    removeProcessRecord(this.#runDir, layout.agent);
    removeProcessRecord(this.#runDir, layout.modelServer);
    rmSync(layout.stateDir, { recursive: true, force: true });
  }

  async list(): Promise<RunningReplica[]> {
    return this.#records
      .all()
      .filter((record) => !record.removed || this.#isSeen(record))
      .map((record) => this.#look(record));
  }

  #look(record: ReplicaRecord): RunningReplica {
    const layout = replicaLayout(this.#config.dataDir, record.suffix);
    return {
      spec: record.spec,
      name: layout.agent,
      agentPid: running(record.agent) ?? running(readProcessRecord(this.#runDir, layout.agent)),
      modelServerPid: running(readProcessRecord(this.#runDir, layout.modelServer)),
    };
  }

  /** Whether any of its processes runs; true of a removed one when a stop was cut short. */
  #isSeen(record: ReplicaRecord): boolean {
    const { agentPid, modelServerPid } = this.#look(record);
    return agentPid !== null || modelServerPid !== null;
  }

  watch(listener: (event: FleetEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async replicasWithLogs(): Promise<ReplicaKey[]> {
    return this.#records.all().map(({ spec: { group, server, replica } }) => ({ group, server, replica }));
  }

  readLogs(scope: LogScope, query: LogQuery, signal: AbortSignal): Promise<LogAnswer> {
    const suffixes = new Map(this.#records.all().map(({ spec, suffix }) => [replicaId(spec), suffix]));
    const written = ({ key }: LogScope["replicas"][number]) => {
      const { modelServerLog } = replicaLayout(this.#config.dataDir, suffixes.get(replicaId(key)) ?? "");
      return statSync(modelServerLog, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    };
    // Which of the others ever held the object only their lines can tell, so no more are read than can be at once.
    const others = scope.replicas.filter(({ isHere }) => !isHere).sort((left, right) => written(right) - written(left));
    const replicas = [...scope.replicas.filter(({ isHere }) => isHere), ...others.slice(0, MAX_OTHER_REPLICAS)];
    const sources = replicas.flatMap(({ key, isHere, isShared }): LogSource[] => {
      const suffix = suffixes.get(replicaId(key));
      if (suffix === undefined) return [];
      const layout = replicaLayout(this.#config.dataDir, suffix);
      const of = { replica: suffix, isHere, isShared };
      return [
        { ...of, id: layout.agent, path: layout.agentLog, process: "agent" },
        { ...of, id: layout.modelServer, path: layout.modelServerLog, process: "model-server" },
      ];
    });
    return this.#logs.ask({ sources, modelUids: scope.modelUids, query }, signal);
  }

  /** The logs of replicas that are gone are kept within their limits too; what runs is looked after by its supervisor. */
  #trimLogsOfGone(): void {
    const now = this.#deps.clock.now();
    for (const { suffix } of this.#records.all().filter((record) => record.removed)) {
      const layout = replicaLayout(this.#config.dataDir, suffix);
      for (const path of [layout.agentLog, layout.modelServerLog]) trimLog(path, this.#config.logLimits, now);
    }
    this.#cancelTrim = this.#deps.clock.after(TRIM_GONE_EVERY_MS, () => this.#trimLogsOfGone());
  }

  async capacity(): Promise<FleetCapacity> {
    // A container may have less than its host; the kernel's limit is 0 or beyond the machine when there is none.
    const limit = process.constrainedMemory();
    const memoryBytes = limit > 0 && limit < totalmem() ? limit : totalmem();
    return {
      memoryBytes,
      freeMemoryBytes: Math.min(memoryBytes, process.availableMemory()),
      cpus: availableParallelism(),
    };
  }

  async release(): Promise<void> {
    this.#cancelTrim?.();
    this.#cancelTrim = null;
    await Promise.allSettled(this.#turns.values());
    const replicas = [...this.#supervised.values()];
    this.#supervised.clear();
    await Promise.all(replicas.map((replica) => replica.release()));
    await this.#logs.close();
  }

  async #inTurn(key: ReplicaKey, work: () => Promise<void>): Promise<void> {
    const id = replicaId(key);
    const before = this.#turns.get(id) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(id, turn);
    try {
      await turn;
    } finally {
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    }
  }

  #emit(event: FleetEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function running(identity: ProcessIdentity | null): number | null {
  return identity !== null && isRunning(identity) ? identity.pid : null;
}

function sameSpec(left: ReplicaSpec, right: ReplicaSpec): boolean {
  return (
    left.runtime === right.runtime &&
    left.memoryBytes === right.memoryBytes &&
    left.capabilities.length === right.capabilities.length &&
    left.capabilities.every((capability, index) => capability === right.capabilities[index])
  );
}
