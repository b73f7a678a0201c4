import { readFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import {
  AgentReportSchema,
  type ModelReport,
  type ModelServerReport,
  ModelServerReportSchema,
} from "@slipway/rpc/control/agent";
import { type ModelKey, ModelKeySchema } from "@slipway/rpc/control/common";
import { type Clock, cpuMsOf } from "@slipway/service-kit";
import type { Send } from "../assignments/scheduler-link.ts";
import type { HeldModel } from "../converge/held-model.ts";
import { modelReport } from "./model-report.ts";

/** Changes that come this close together make one report. */
export const COALESCE_MS = 20;
/** How often a report goes out although nothing changed, so that memory and processor time stay current. */
const HEARTBEAT_MS = 2_000;

/** What a report says of the model server. */
export type ModelServerState = {
  reason: string;
  crashes: number;
  server: { identity: { pid: number }; httpAddress: string; grpcAddress: string } | null;
};

export type ReporterOptions = {
  held: () => ReadonlyMap<string, Readonly<HeldModel>>;
  modelServer: () => ModelServerState;
  assignmentVersion: () => bigint;
  clock: Clock;
};

/** Tells the connected leader what the replica holds: everything once, then what changes. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #changed = new Set<string>();
  #send: Send | null = null;
  #cancelFlush: (() => void) | null = null;
  /** Whether the flush to come is for a change and not the heartbeat. */
  #isSoon = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** A leader is connected: it gets a full report at once. */
  connect(send: Send): void {
    this.#send = send;
    this.#changed.clear();
    const models = [...this.#options.held().values()].map(modelReport);
    this.#report(true, models, []);
  }

  disconnect(): void {
    this.#send = null;
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    this.#isSoon = false;
  }

  /** Something is worth a report; without a key it concerns the model server or the assignment. */
  changed(key?: string): void {
    if (this.#send === null) return;
    if (key !== undefined) this.#changed.add(key);
    this.#flushAfter(COALESCE_MS);
  }

  #flushAfter(delayMs: number): void {
    if (delayMs === COALESCE_MS && this.#isSoon) return;
    this.#cancelFlush?.();
    this.#isSoon = delayMs === COALESCE_MS;
    this.#cancelFlush = this.#options.clock.after(delayMs, () => this.#flush());
  }

  #flush(): void {
    const held = this.#options.held();
    const models: ModelReport[] = [];
    const removed: ModelKey[] = [];
    for (const key of this.#changed) {
      const model = held.get(key);
      if (model === undefined) removed.push(modelKeyOf(key));
      else models.push(modelReport(model));
    }
    this.#changed.clear();
    this.#report(false, models, removed);
  }

  #report(full: boolean, models: ModelReport[], removed: ModelKey[]): void {
    this.#isSoon = false;
    const value = create(AgentReportSchema, {
      full,
      models,
      removed,
      modelServer: this.#modelServerReport(),
      assignmentVersion: this.#options.assignmentVersion(),
    });
    this.#send?.({ case: "report", value });
    this.#flushAfter(HEARTBEAT_MS);
  }

  #modelServerReport(): ModelServerReport {
    const { reason, crashes, server } = this.#options.modelServer();
    const pids = server === null ? [] : [server.identity.pid, ...childrenOf(server.identity.pid)];
    return create(ModelServerReportSchema, {
      ready: reason === "" && server !== null,
      reason,
      crashes,
      httpAddress: server?.httpAddress ?? "",
      grpcAddress: server?.grpcAddress ?? "",
      residentBytes: BigInt(sum(pids.map(residentBytesOf))),
      cpuMs: BigInt((server === null ? null : cpuMsOf(server.identity.pid)) ?? 0),
    });
  }
}

/** The key of a model version from its text, `<uid>/<version>`. */
function modelKeyOf(text: string): ModelKey {
  const slash = text.indexOf("/");
  return create(ModelKeySchema, { modelUid: text.slice(0, slash), version: text.slice(slash + 1) });
}

/** Processes that it started and that run, which are its runners; none where the system does not say. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Resident memory of a process; 0 when it is gone or the system does not say. */
function residentBytesOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
