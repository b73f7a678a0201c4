import { create } from "@bufbuild/protobuf";
import { SlipwayError } from "@slipway/contracts";
import type { RepositoryEntry } from "@slipway/inference";
import { modelKeyText } from "@slipway/rpc";
import type { AssignedModel } from "@slipway/rpc/control/agent";
import { ModelKeySchema } from "@slipway/rpc/control/common";
import type { Clock, Logger } from "@slipway/service-kit";
import type { ArtifactCache } from "../artifacts/artifact-cache.ts";
import type { ArtifactSources } from "../artifacts/fetch-artifact.ts";
import type { AgentMetrics } from "../metrics.ts";
import { CRASHES_TO_QUARANTINE, type CrashLedger } from "../supervise/crash-ledger.ts";
import type { RunningModelServer } from "../supervise/model-server-supervisor.ts";
import { withDeadline } from "../with-deadline.ts";
import { type HeldModel, type ModelDetails, NO_DETAILS } from "./held-model.ts";
import type { ModelDetailsStore } from "./model-details-store.ts";
import { isErrorCode, modelFailureOf } from "./model-failure.ts";
import { ModelWork } from "./model-work.ts";
import { namedInLog } from "./named-in-log.ts";
import { type HeldState, planConvergence } from "./plan-convergence.ts";

/** How often what the model server holds is compared with what it should, in milliseconds. */
const COMPARE_EVERY_MS = 2_000;
const INDEX_WITHIN_MS = 5_000;

export type ConvergerOptions = { sources: ArtifactSources; parallelFetches: number; parallelLoads: number };

export type ConvergerDeps = {
  cache: ArtifactCache;
  details: ModelDetailsStore;
  ledger: CrashLedger;
  clock: Clock;
  logger: Logger;
  metrics: AgentMetrics;
  /** The state of a model version changed, or it is no longer held. */
  onChange: (key: string) => void;
};

/** Brings what the replica holds to what it is assigned, and back to it whatever happens to the model server. */
export class Converger {
  readonly #options: ConvergerOptions;
  readonly #deps: ConvergerDeps;
  readonly #work: ModelWork;
  readonly #held = new Map<string, HeldModel>();
  #assigned: ReadonlyMap<string, AssignedModel> | null = null;
  #server: RunningModelServer | null = null;
  readonly #stopping = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #comparing: Promise<void> = Promise.resolve();

  constructor(options: ConvergerOptions, deps: ConvergerDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#work = new ModelWork({
      ...deps,
      sources: options.sources,
      server: () => this.#server,
      pinned: () => this.#pinned(),
    });
  }

  get held(): ReadonlyMap<string, Readonly<HeldModel>> {
    return this.#held;
  }

  start(): void {
    this.#comparing = this.#compareForEver();
    this.#step();
  }

  /** Ends whatever is under way and leaves the model server as it is. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the agent stops"));
    for (const model of this.#held.values()) model.task?.abort(this.#stopping.signal.reason);
    await Promise.allSettled([...this.#tasks, this.#comparing]);
  }

  /** What the replica should hold from now on. A model that failed is tried again if what is asked of it changed. */
  assign(models: ReadonlyMap<string, AssignedModel>, changed: ReadonlySet<string>): void {
    this.#assigned = models;
    for (const [key, assigned] of models) {
      const held = this.#held.get(key);
      if (held === undefined) continue;
      held.assigned = assigned;
      if (held.state === "failed" && changed.has(key) && !this.#deps.ledger.isQuarantined(key)) this.#drop(held);
    }
    this.#step();
  }

  /** A model server answers. What an adopted one holds is taken over as it is, so nothing is loaded twice. */
  async serverUp(server: RunningModelServer, adopted: boolean): Promise<void> {
    if (adopted) {
      for (const key of keysOf(await this.#indexOf(server), "READY")) this.#takeOver(key);
    }
    this.#server = server;
    this.#step();
  }

  /** The model server is gone. `suspects` were loading or running; a model that was so twice is quarantined. */
  serverDown(suspects: readonly string[]): void {
    const { ledger, clock, logger, metrics } = this.#deps;
    this.#server = null;
    for (const key of ledger.record(suspects, clock.now())) {
      metrics.quarantined.inc();
      logger.error(namedInLog(key), "a model is quarantined: its model server crashed under it again");
    }
    for (const model of [...this.#held.values()]) {
      if (["loading", "ready", "unloading"].includes(model.state)) {
        model.task?.abort(new Error("the model server is gone"));
        model.task = null;
        if (model.state === "unloading") this.#drop(model);
        else this.#set(model, "fetched");
      }
      if (ledger.isQuarantined(model.key)) this.#quarantine(model);
    }
    this.#step();
  }

  #indexOf(server: RunningModelServer): Promise<RepositoryEntry[]> {
    return withDeadline(this.#deps.clock, INDEX_WITHIN_MS, this.#stopping.signal, (signal) =>
      server.client.index(signal),
    );
  }

  /** A version that the model server holds and does not run any more has failed, with the cause that it gives. */
  #takeFault(entry: RepositoryEntry): void {
    const { logger, metrics } = this.#deps;
    const { code, data = {} } = entry;
    const model = this.#held.get(keyOf(entry));
    if (code === undefined || !isErrorCode(code) || model?.state !== "ready") return;
    metrics.quarantined.inc();
    logger.error({ ...namedInLog(model.key), code }, "the model server does not run a model any more");
    model.failure = { code, dataJson: JSON.stringify(data) };
    this.#set(model, "failed");
  }

  #takeOver(key: string): void {
    const details = this.#deps.details.get(key);
    const assigned = this.#assigned?.get(key);
    // Without both it cannot be reported whole: left to be loaded, which the server answers at once, or unloaded.
    if (details === null || details.signatureJson === "" || assigned === undefined) return;
    this.#held.set(key, { key, assigned, state: "ready", failure: null, details, task: null });
    this.#deps.onChange(key);
  }

  #step(): void {
    if (this.#stopping.signal.aborted) return;
    const { ledger } = this.#deps;
    const plan = planConvergence({
      assigned: this.#assigned === null ? null : new Set(this.#assigned.keys()),
      held: new Map([...this.#held].map(([key, { state }]) => [key, { state, crashes: ledger.crashesOf(key) }])),
      serverUp: this.#server !== null,
      parallelFetches: this.#options.parallelFetches,
      parallelLoads: this.#options.parallelLoads,
    });
    for (const key of plan.admit) this.#admit(key);
    const begin = (keys: readonly string[], work: (model: HeldModel) => void) => {
      for (const key of keys) {
        const model = this.#held.get(key);
        if (model !== undefined) work(model);
      }
    };
    begin(plan.forget, (model) => this.#forget(model));
    begin(plan.unload, (model) => this.#run(model, "unloading", (signal) => this.#unload(model, signal)));
    begin(plan.fetch, (model) => {
      // Quarantined on admission, for instance by an earlier run of the agent.
      if (model.state === "waiting") this.#run(model, "fetching", (signal) => this.#fetch(model, signal));
    });
    begin(plan.load, (model) => this.#run(model, "loading", (signal) => this.#load(model, signal)));
    this.#deps.metrics.cacheBytes.set(this.#deps.cache.bytes);
  }

  #admit(key: string): void {
    const assigned = this.#assigned?.get(key);
    if (assigned === undefined) return;
    const details = this.#deps.details.get(key) ?? NO_DETAILS;
    const model: HeldModel = { key, assigned, state: "waiting", failure: null, details, task: null };
    this.#held.set(key, model);
    if (this.#deps.ledger.isQuarantined(key)) this.#quarantine(model);
    else this.#deps.onChange(key);
  }

  /** Begins a task of a model; whatever was under way for it ends. A task that was superseded changes nothing any more. */
  #run(model: HeldModel, state: HeldState, work: (signal: AbortSignal) => Promise<void>): void {
    model.task?.abort(new Error("superseded"));
    const task = new AbortController();
    model.task = task;
    this.#set(model, state);
    const running = work(task.signal)
      .catch((error: unknown) => {
        if (!task.signal.aborted) this.#fail(model, error);
      })
      .finally(() => {
        this.#tasks.delete(running);
        if (model.task === task) model.task = null;
        this.#step();
      });
    this.#tasks.add(running);
  }

  async #fetch(model: HeldModel, signal: AbortSignal): Promise<void> {
    const details = await this.#work.fetch(model, signal);
    if (!signal.aborted) this.#learn(model, details, "fetched");
  }

  async #load(model: HeldModel, signal: AbortSignal): Promise<void> {
    const details = await this.#work.load(model, signal);
    if (signal.aborted) return;
    this.#deps.logger.info({ ...namedInLog(model.key), displayName: model.assigned.displayName }, "a model is ready");
    this.#learn(model, details, "ready");
  }

  async #unload(model: HeldModel, signal: AbortSignal): Promise<void> {
    await this.#work.unload(model, signal);
    if (!signal.aborted) this.#forget(model);
  }

  /** Kept before it is told, so that the next agent knows whatever the scheduler knows. */
  #learn(model: HeldModel, details: ModelDetails, state: HeldState): void {
    model.details = details;
    this.#deps.details.keep(model.key, details);
    this.#set(model, state);
  }

  #fail(model: HeldModel, error: unknown): void {
    const { logger } = this.#deps;
    logger.warn({ ...namedInLog(model.key), displayName: model.assigned.displayName, err: error }, "a model failed");
    model.failure = modelFailureOf(error, Number(model.assigned.startTimeoutMs));
    this.#set(model, "failed");
  }

  #quarantine(model: HeldModel): void {
    model.task?.abort(new Error("quarantined"));
    const crashes = Math.max(CRASHES_TO_QUARANTINE, this.#deps.ledger.crashesOf(model.key));
    const { code, data } = new SlipwayError("model/quarantined", { crashes });
    model.failure = { code, dataJson: JSON.stringify(data) };
    this.#set(model, "failed");
  }

  /** Forgets a model version that left the assignment, with all that is kept of it. */
  #forget(model: HeldModel): void {
    this.#drop(model);
    if (this.#assigned?.has(model.key)) return;
    this.#deps.details.forget(model.key);
    this.#deps.ledger.forget(model.key);
  }

  #drop(model: HeldModel): void {
    model.task?.abort(new Error("no longer assigned"));
    if (this.#held.get(model.key) === model) this.#held.delete(model.key);
    this.#deps.onChange(model.key);
  }

  #set(model: HeldModel, state: HeldState): void {
    if (state !== "failed") model.failure = null;
    model.state = state;
    this.#deps.onChange(model.key);
  }

  /** Digests of artifacts that assigned models may be loaded from again. */
  #pinned(): Set<string> {
    const digests = [...this.#held.values()].flatMap(({ assigned, details }) => [assigned.sha256, details.sha256]);
    return new Set(digests.filter((digest) => digest !== ""));
  }

  async #compareForEver(): Promise<void> {
    const { clock, logger } = this.#deps;
    const signal = this.#stopping.signal;
    while (!signal.aborted) {
      await clock.sleep(COMPARE_EVERY_MS, signal).catch(() => undefined);
      await this.compare().catch((error: unknown) => {
        if (!signal.aborted) logger.debug({ err: error }, "the comparison with the model server was cut short");
      });
    }
  }

  /** Compares what the model server holds with what is believed; a difference is counted and mended. */
  async compare(): Promise<void> {
    const { metrics, logger } = this.#deps;
    const server = this.#server;
    if (server === null || this.#assigned === null) return;
    const before = [...this.#held.values()].filter(({ state }) => state === "ready");
    const index = await this.#indexOf(server);
    const ready = new Set(keysOf(index, "READY"));
    if (this.#server !== server) return;
    for (const entry of index) this.#takeFault(entry);
    for (const model of before) {
      if (model.state !== "ready" || ready.has(model.key)) continue;
      metrics.drift.inc();
      logger.warn(namedInLog(model.key), "the model server lost a model");
      this.#set(model, "fetched");
    }
    for (const key of [...ready, ...keysOf(index, "UNAVAILABLE")]) {
      if (this.#held.has(key) || this.#assigned.has(key)) continue;
      metrics.drift.inc();
      logger.warn(namedInLog(key), "the model server holds a model that it should not");
      const slash = key.indexOf("/");
      await server.client.unload(key.slice(0, slash), { version: key.slice(slash + 1), signal: this.#stopping.signal });
    }
    this.#step();
  }
}

/** Keys of the versions that the model server says are in this state. */
function keysOf(index: readonly RepositoryEntry[], state: string): string[] {
  return index.filter((entry) => entry.state === state).map(keyOf);
}

function keyOf({ name, version }: RepositoryEntry): string {
  return modelKeyText(create(ModelKeySchema, { modelUid: name, version: version ?? "" }));
}
