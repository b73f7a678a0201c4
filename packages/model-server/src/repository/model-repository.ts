import { SlipwayError } from "@slipway/contracts";
import type { BatchingWish, LoadedModelView, RepositoryEntry } from "@slipway/inference";
import type { CrashFile } from "../crash-file.ts";
import type { Execution } from "../execution/execution.ts";
import { isOver, NO_END, type RunEnd } from "../execution/run-end.ts";
import type { ModelServerMetrics } from "../metrics.ts";
import type { ModelLog } from "../model-log.ts";
import { findModelFile } from "../onnx/find-model-file.ts";
import { describeModel } from "./describe-model.ts";
import { type HeldModel, openHeldModel } from "./held-model.ts";

export type LoadRequest = {
  name: string;
  version: string;
  path: string;
  sample: string | null;
  /** Memory that the model is declared to take, in bytes; null when nothing is declared. */
  declaredBytes: number | null;
  batching: BatchingWish;
};
export type RepositoryOptions = { maxModels: number; maxBatchRows: number; intraOpThreads: number };
export type RepositoryDeps = { execution: Execution; crashFile: CrashFile; metrics: ModelServerMetrics; log: ModelLog };

/** What the server holds, by name and version. */
export type ModelRepository = ReturnType<typeof createModelRepository>;

export function createModelRepository(options: RepositoryOptions, deps: RepositoryDeps) {
  /** Versions of each name in the order in which they came to serve; the last one is the newest. */
  const held = new Map<string, Map<string, HeldModel>>();
  const loading = new Map<string, { request: LoadRequest; ends: RunEnd[]; done: Promise<HeldModel> }>();
  const unloading = new Map<string, { model: HeldModel; done: Promise<void> }>();
  const keyOf = (name: string, version: string) => `${name}/${version}`;

  function find(name: string, version: string | undefined): HeldModel | undefined {
    const versions = held.get(name);
    return version === undefined ? newest(versions) : versions?.get(version);
  }

  /** The version asked for or, when it is gone, the newest of the same name. */
  function findOrNewest(name: string, version: string | undefined): HeldModel | undefined {
    const versions = held.get(name);
    return (version === undefined ? undefined : versions?.get(version)) ?? newest(versions);
  }

  /** Given up when everybody who asked for it has left. */
  async function openModel(request: LoadRequest, ends: readonly RunEnd[]): Promise<HeldModel> {
    const { name, version, declaredBytes } = request;
    const { intraOpThreads, maxBatchRows } = options;
    await unloading.get(keyOf(name, version))?.done;
    const file = findModelFile(request.path);
    const examination = await deps.execution.examiners.examine(
      { file, sample: request.sample, batching: request.batching, intraOpThreads },
      () => {
        const nowMs = performance.now();
        return ends.every((end) => isOver(end, nowMs));
      },
    );
    return openHeldModel({ name, version, file, declaredBytes, intraOpThreads, maxBatchRows, examination }, deps);
  }

  return {
    find,
    findOrNewest,
    versionsOf: (name: string) => [...(held.get(name)?.keys() ?? [])],

    /**
     * Makes a version serve; resolves when it does. One that serves already is left as it is, and a second call for one
     * that is loading waits for the first. A load whose callers have all left is given up. One that was quarantined is
     * loaded anew.
     * @throws SlipwayError artifact/*, model/corrupt, model/external_data, model/crashed
     */
    async load(request: LoadRequest, end: RunEnd = NO_END): Promise<{ model: HeldModel; view: LoadedModelView }> {
      const started = performance.now();
      const { name, version } = request;
      const key = keyOf(name, version);
      if ((held.get(name)?.get(version)?.fault ?? null) !== null) await this.unload(name, version);
      const existing = held.get(name)?.get(version);
      if (existing !== undefined)
        return { model: existing, view: describeModel(existing, [...(held.get(name)?.keys() ?? [])], 0) };
      const inProgress = loading.get(key);
      if (inProgress === undefined && count(held) + loading.size >= options.maxModels) {
        throw new SlipwayError("request/invalid", {
          problem: `The server holds ${options.maxModels} models, which is its limit.`,
        });
      }
      if (inProgress === undefined) deps.log.loading(request);
      const ends = inProgress?.ends ?? [];
      ends.push(end);
      const done = inProgress?.done ?? openModel(request, ends);
      loading.set(key, { request, ends, done });
      try {
        const model = await done;
        if (loading.delete(key)) {
          const versions = held.get(name) ?? new Map<string, HeldModel>();
          versions.set(version, model);
          held.set(name, versions);
          deps.metrics.setLoaded(count(held));
          deps.log.loaded(model, performance.now() - started);
        }
        return { model, view: describeModel(model, [...(held.get(name)?.keys() ?? [])], performance.now() - started) };
      } catch (error) {
        if (loading.has(key)) deps.log.notLoaded(request, error);
        throw error;
      } finally {
        loading.delete(key);
      }
    },

    /**
     * Takes a version, or all of a name, out of service at once; resolves when requests in flight are done and memory is free.
     * @throws SlipwayError model/unknown when nothing of it is held
     */
    async unload(name: string, version: string | undefined): Promise<void> {
      const concerns = (other: { name: string; version: string }) =>
        other.name === name && (version === undefined || other.version === version);
      const arriving = [...loading.values()].filter(({ request }) => concerns(request));
      await Promise.allSettled(arriving.map(({ done }) => done));
      const versions = held.get(name);
      const leaving = version === undefined ? [...(versions?.values() ?? [])] : [versions?.get(version)];
      const models = leaving.filter((model) => model !== undefined);
      const stillLeaving = [...unloading.values()].filter(({ model }) => concerns(model));
      if (models.length === 0 && stillLeaving.length === 0) {
        throw new SlipwayError("model/unknown", { model: version === undefined ? name : `${name} version ${version}` });
      }
      const ends = models.map((model) => {
        versions?.delete(model.version);
        const key = keyOf(name, model.version);
        const done = model.close().finally(() => {
          unloading.delete(key);
          deps.log.unloaded(model);
        });
        unloading.set(key, { model, done });
        return done;
      });
      if (versions?.size === 0) held.delete(name);
      deps.metrics.setLoaded(count(held));
      await Promise.all([...ends, ...stillLeaving.map(({ done }) => done)]);
    },

    index(): RepositoryEntry[] {
      const ready = [...held.values()].flatMap((versions) => [...versions.values()]);
      return [
        ...ready.map(({ name, version, fault }) =>
          fault === null
            ? { name, version, state: "READY", reason: "" }
            : { name, version, state: "UNAVAILABLE", reason: fault.message, code: fault.code, data: { ...fault.data } },
        ),
        ...[...loading.values()].map(({ request }) => ({
          name: request.name,
          version: request.version,
          state: "LOADING",
          reason: "",
        })),
        ...[...unloading.values()].map(({ model }) => ({
          name: model.name,
          version: model.version,
          state: "UNLOADING",
          reason: "",
        })),
      ];
    },
  };
}

function newest(versions: ReadonlyMap<string, HeldModel> | undefined): HeldModel | undefined {
  let last: HeldModel | undefined;
  if (versions !== undefined) for (const model of versions.values()) last = model;
  return last;
}

function count(held: ReadonlyMap<string, ReadonlyMap<string, HeldModel>>): number {
  let sum = 0;
  for (const versions of held.values()) sum += versions.size;
  return sum;
}
