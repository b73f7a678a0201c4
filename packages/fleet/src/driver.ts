import type { LogAnswer, LogQuery } from "@slipway/contracts";
import type { LogScope } from "./logs/log-scope.ts";

/** One replica of a server. */
export type ReplicaKey = { group: string; server: string; replica: number };

/** What there should be: a replica, what it can load and how much it may hold. */
export type ReplicaSpec = ReplicaKey & {
  /** Which model server runs there: `onnx`. */
  runtime: string;
  /** What its model server can load. */
  capabilities: readonly string[];
  /** Memory that it offers to models. */
  memoryBytes: number;
};

/** A replica of which a process was seen just now. */
export type RunningReplica = {
  spec: ReplicaSpec;
  /** Name of the agent as in platform.json: `agent-onnx-0`. */
  name: string;
  /** Null while the agent is down, be it that its model server goes on serving. */
  agentPid: number | null;
  /** Null while no model server runs. */
  modelServerPid: number | null;
};

/** Something that happened to a replica's agent without anybody asking for it, or because somebody did. */
export type FleetEvent =
  | { kind: "started"; key: ReplicaKey; pid: number; atMs: number; adopted: boolean }
  | { kind: "exited"; key: ReplicaKey; pid: number; atMs: number; restartInMs: number }
  | { kind: "stopped"; key: ReplicaKey; atMs: number }
  | { kind: "failed"; key: ReplicaKey; atMs: number; reason: string; restartInMs: number };

/** What the driver's machines have, as far as it can tell. */
export type FleetCapacity = { memoryBytes: number; freeMemoryBytes: number; cpus: number };

/**
 * Makes server replicas exist somewhere. Every call names what should be true, so repeating one changes nothing.
 * A driver supervises only what `start` was called for: it starts an agent that died again, with a growing delay.
 */
export interface FleetDriver {
  /**
   * Makes the replica exist and stay: adopts the one that runs, else starts it. Resolves when its process runs, which is
   * before it reports. A replica that runs with another spec is started anew; its model server goes on serving meanwhile.
   */
  start(spec: ReplicaSpec, signal: AbortSignal): Promise<void>;
  /**
   * Removes the named replica: it drains, then goes, by force at the deadline. Resolves when none of its processes runs.
   * A replica that is not there is fine.
   */
  stop(key: ReplicaKey, signal: AbortSignal): Promise<void>;
  /** All replicas that have a process or should have one, whoever started them. */
  list(): Promise<RunningReplica[]>;
  /** Tells of every event until the returned function is called. Listeners must not throw. */
  watch(listener: (event: FleetEvent) => void): () => void;
  /** All replicas whose logs are kept, those that are gone included. */
  replicasWithLogs(): Promise<ReplicaKey[]>;
  /**
   * Lines of replicas' processes, or where something is found in them, also after the replicas are gone. A page's cursors
   * give every line once, whatever is written or put aside meanwhile.
   * @throws request/invalid, logs/search_too_slow, logs/too_many_searches
   */
  readLogs(scope: LogScope, query: LogQuery, signal: AbortSignal): Promise<LogAnswer>;
  capacity(): Promise<FleetCapacity>;
  /**
   * Stops supervising and leaves every replica as it is, for the next leader to adopt. To be called when leadership is
   * lost and when the process ends; `start` takes a replica up again.
   */
  release(): Promise<void>;
}

/** A key as text, for maps and log lines: `platform/onnx/0`. */
export function replicaId(key: ReplicaKey): string {
  return `${key.group}/${key.server}/${key.replica}`;
}
