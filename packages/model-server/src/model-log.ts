import { ERROR_CODES, SlipwayError } from "@slipway/contracts";
import type { Clock, Logger } from "@slipway/service-kit";
import { codeOf } from "./infer.ts";
import type { HeldModel } from "./repository/held-model.ts";

/** So many failed requests of one model are each told within a second; of the rest only how many they were. */
const FAILURES_PER_SECOND = 5;
const SECOND_MS = 1_000;

type Version = { name: string; version: string };
type LoggedModel = Pick<HeldModel, "name" | "version" | "place"> & {
  readonly examination: Pick<HeldModel["examination"], "openMs" | "runMs" | "batching">;
};

/**
 * What is worth reading about one model. Every line carries the field `model`, by which readers of a server that several
 * people share are shown their own lines alone; so no line may be about two models.
 */
export type ModelLog = {
  loading(model: Version): void;
  loaded(model: LoggedModel, loadMs: number): void;
  notLoaded(model: Version, error: unknown): void;
  unloaded(model: Version): void;
  /** A run took so long that the model got a process of its own. */
  moved(model: Version): void;
  /** A run that nobody waited for was ended by force. */
  runEnded(model: Version, ranMs: number): void;
  /** A run ended its process. */
  crashed(model: Version, how: string): void;
  quarantined(model: Version, fault: SlipwayError): void;
  /** Called for every answer; tells of the first. */
  answered(model: LoggedModel, requestId: string | undefined): void;
  /** A request that reached the model and was not answered with success. */
  failed(model: LoggedModel, requestId: string, error: unknown): void;
};

export function createModelLog(logger: Logger, clock: Clock): ModelLog {
  const answered = new WeakSet<LoggedModel>();
  const failures = new WeakMap<LoggedModel, { sinceMs: number; count: number }>();

  /** Whether one more failure may be told; at the turn of a second, how many were not. */
  function mayTell(model: LoggedModel): boolean {
    const nowMs = clock.monotonicMs();
    const window = failures.get(model);
    if (window === undefined || nowMs - window.sinceMs >= SECOND_MS) {
      const untold = (window?.count ?? 0) - FAILURES_PER_SECOND;
      if (untold > 0) logger.warn({ ...named(model), requests: untold }, "more requests failed, not told one by one");
      failures.set(model, { sinceMs: nowMs, count: 1 });
      return true;
    }
    window.count += 1;
    return window.count <= FAILURES_PER_SECOND;
  }

  return {
    loading: (model) => logger.info(named(model), "loading the model"),
    loaded(model, loadMs) {
      const { openMs, runMs, batching } = model.examination;
      logger.info(
        {
          ...named(model),
          ...{ place: model.place, loadMs: Math.round(loadMs), openMs: rounded(openMs) },
          ...{ warmRunMs: runMs === null ? null : rounded(runMs), isBatched: batching.proven },
        },
        runMs === null ? "model loaded; there is no sample to warm it up with" : "model loaded and warmed up",
      );
    },
    notLoaded: (model, error) => logger.warn({ ...named(model), err: error }, "model not loaded"),
    unloaded: (model) => logger.info(named(model), "model unloaded"),
    moved: (model) => logger.info(named(model), "a run takes long: the model is run in a process of its own"),
    runEnded: (model, ranMs) =>
      logger.warn({ ...named(model), ranMs: Math.round(ranMs) }, "a run that nobody waited for was ended by force"),
    crashed: (model, how) => logger.error({ ...named(model), how }, "a run ended the process that it was in"),
    quarantined: (model, fault) =>
      logger.error({ ...named(model), code: fault.code, problem: fault.message }, "the model is quarantined"),
    answered(model, requestId) {
      if (answered.has(model)) return;
      answered.add(model);
      logger.info({ ...named(model), requestId }, "answered its first request");
    },
    failed(model, requestId, error) {
      if (!mayTell(model)) return;
      const code = codeOf(error);
      const isCallers = ERROR_CODES[code].owner === "caller";
      // What a caller did wrong is told in the words that the caller got.
      const cause = isCallers && error instanceof SlipwayError ? { problem: error.message } : { err: error };
      logger[isCallers ? "warn" : "error"]({ ...named(model), requestId, code, ...cause }, "inference failed");
    },
  };
}

function named({ name, version }: Version): { model: string; version: string } {
  return { model: name, version };
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
