import { batchingWish, InferenceHttpError, type LoadedModelView } from "@slipway/inference";
import type { Clock, Logger } from "@slipway/service-kit";
import * as z from "zod";
import type { ArtifactCache } from "../artifacts/artifact-cache.ts";
import { type ArtifactSources, fetchArtifact } from "../artifacts/fetch-artifact.ts";
import type { AgentMetrics } from "../metrics.ts";
import type { RunningModelServer } from "../supervise/model-server-supervisor.ts";
import { withDeadline } from "../with-deadline.ts";
import type { HeldModel, ModelDetails } from "./held-model.ts";
import { isUnreachable } from "./model-failure.ts";
import { namedInLog } from "./named-in-log.ts";

/** How long to wait before a call that did not reach the model server is tried again. */
const RETRY_AFTER_MS = 500;
/** How long an unload may wait for requests in flight before it is asked for again. */
const UNLOAD_WITHIN_MS = 60_000;

export type ModelWorkDeps = {
  cache: ArtifactCache;
  clock: Clock;
  logger: Logger;
  metrics: AgentMetrics;
  sources: ArtifactSources;
  /** The model server that runs now. */
  server: () => RunningModelServer | null;
  /** Digests of artifacts that must stay in the cache. */
  pinned: () => ReadonlySet<string>;
};

/** What takes time with one model version: fetch, load, unload. Changes nothing but the cache and the model server. */
export class ModelWork {
  readonly #deps: ModelWorkDeps;

  constructor(deps: ModelWorkDeps) {
    this.#deps = deps;
  }

  /** @throws DeadlineExceeded, what `fetchArtifact` throws */
  async fetch({ assigned, details }: HeldModel, signal: AbortSignal): Promise<ModelDetails> {
    const { cache, clock, metrics, sources, pinned } = this.#deps;
    const { uri, startTimeoutMs } = assigned;
    // Equal versions mean equal bytes: one that was resolved before is loaded by what it was resolved to.
    const sha256 = assigned.sha256 || details.sha256;
    return this.#timed(metrics.fetchSeconds, signal, async (elapsedMs) => {
      const artifact = await withDeadline(clock, Number(startTimeoutMs), signal, (inner) =>
        fetchArtifact(cache, sources, { uri, sha256, pinned, signal: inner }),
      );
      const { sha256: digest, modelPath } = artifact;
      return { ...details, sha256: digest, modelPath, fetchMs: Math.round(elapsedMs()) };
    });
  }

  /** @throws DeadlineExceeded when fetch and load together took too long, InferenceHttpError */
  async load(model: HeldModel, signal: AbortSignal): Promise<ModelDetails> {
    const { clock, metrics } = this.#deps;
    const leftMs = Math.max(1, Number(model.assigned.startTimeoutMs) - model.details.fetchMs);
    return this.#timed(metrics.loadSeconds, signal, async () => {
      try {
        const view = await withDeadline(clock, leftMs, signal, (inner) => this.#loadUntilAnswered(model, inner));
        return {
          ...model.details,
          signatureJson: findingsOf(view),
          loadMs: Math.round(view.load_ms),
          measuredBytes: Math.round(view.measured_bytes),
        };
      } catch (error) {
        // What was given up must not come to be held after all.
        if (!signal.aborted) void this.#callUnload(model, signal).catch(() => undefined);
        throw error;
      }
    });
  }

  /** Resolves when the model server does not hold the version, or the signal aborts. */
  async unload(model: HeldModel, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#deps;
    while (!signal.aborted) {
      try {
        await this.#callUnload(model, signal);
        return;
      } catch (error) {
        if (signal.aborted || (error instanceof InferenceHttpError && error.status === 404)) return;
        logger.warn({ ...namedInLog(model.key), err: error }, "a model does not unload and is asked to again");
        await clock.sleep(RETRY_AFTER_MS, signal).catch(() => undefined);
      }
    }
  }

  /** A server that cannot be reached is asked again: its end will be noticed, or it is about to answer. */
  async #loadUntilAnswered({ key, assigned, details }: HeldModel, signal: AbortSignal) {
    const { modelUid = "", version = "" } = assigned.key ?? {};
    const wish = batchingWish.safeParse(assigned.batching);
    const parameters = {
      ...{ version, path: details.modelPath, memory_bytes: Number(assigned.memoryBytes) },
      ...(wish.success ? { batching: wish.data } : {}),
    };
    for (;;) {
      signal.throwIfAborted();
      const server = this.#deps.server();
      if (server === null) throw new Error(`no model server to load ${key}`);
      try {
        return await server.client.load(modelUid, parameters, signal);
      } catch (error) {
        if (signal.aborted || !isUnreachable(error)) throw error;
        await this.#deps.clock.sleep(RETRY_AFTER_MS, signal);
      }
    }
  }

  #callUnload({ assigned }: HeldModel, signal: AbortSignal): Promise<void> {
    const { modelUid = "", version = "" } = assigned.key ?? {};
    return withDeadline(this.#deps.clock, UNLOAD_WITHIN_MS, signal, async (inner) =>
      this.#deps.server()?.client.unload(modelUid, { version, signal: inner }),
    );
  }

  async #timed<Value>(
    histogram: AgentMetrics["fetchSeconds"],
    signal: AbortSignal,
    work: (elapsedMs: () => number) => Promise<Value>,
  ): Promise<Value> {
    const startedMs = this.#deps.clock.monotonicMs();
    const elapsedMs = () => this.#deps.clock.monotonicMs() - startedMs;
    try {
      const value = await work(elapsedMs);
      histogram.observe({ outcome: "done" }, elapsedMs() / 1000);
      return value;
    } catch (error) {
      if (!signal.aborted) histogram.observe({ outcome: "failed" }, elapsedMs() / 1000);
      throw error;
    }
  }
}

const sampleOfLoad = z.object({ inputs: z.array(z.object({ shape: z.array(z.int()) })) });

/** What the load found, as the scheduler is told: of the sample only its shapes, from which it can be made again. */
function findingsOf({ inputs, outputs, batching, sample }: LoadedModelView): string {
  const answered = sampleOfLoad.safeParse(sample);
  const shapes = answered.success ? answered.data.inputs.map(({ shape }) => shape) : null;
  return JSON.stringify({ inputs, outputs, batching, sample: { shapes } });
}
