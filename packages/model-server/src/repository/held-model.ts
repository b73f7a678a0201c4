import type { Signature, Tensor } from "@slipway/inference";
import { type Batcher, createBatcher, type Run } from "../batching/batcher.ts";
import type { CrashFile } from "../crash-file.ts";
import type { Examination } from "../execution/examine-model.ts";
import type { Execution } from "../execution/execution.ts";
import type { RunEnd } from "../execution/run-end.ts";
import type { GroupEvents, RunnerGroup } from "../execution/runner-group.ts";
import { LONG_RUN_MS, ModelClosed } from "../execution/runner-group.ts";
import type { ModelServerMetrics } from "../metrics.ts";
import type { ModelLog } from "../model-log.ts";
import { type OnnxSession, openOnnxSession } from "../onnx/onnx-session.ts";
import { createFaultRecord, type ModelFault } from "./fault-record.ts";
import { createInlineTrust, inputBytes, LONGEST_INLINE_RUN_MS } from "./inline-trust.ts";

/** A run measured under this happens on the serving thread, where handing it to another would cost more. */
const INLINE_RUN_MS = 0.2;
/** Opening blocks the serving thread, so a model that takes longer to open is left to the runners. */
const INLINE_OPEN_MS = 100;
/** A run past its deadline is held against its model when it took so much longer than the sample, and this on top. */
const HUNG_FACTOR = 20;
const HUNG_MS = 1_000;
/** How long a model that is closed waits for the requests in flight before it ends their runs. */
const CLOSE_WITHIN_MS = 30_000;
/** The most requests that wait for one model; beyond, callers are told to come back. */
const MAX_WAITING = 1_024;
/** Processes were ended from outside by these, which is held against no model. */
const FROM_OUTSIDE = new Set(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"]);

export type HeldModelDeps = {
  execution: Execution;
  crashFile: CrashFile;
  metrics: ModelServerMetrics;
  log: ModelLog;
};
export type HeldModelInput = {
  name: string;
  version: string;
  file: string;
  declaredBytes: number | null;
  intraOpThreads: number;
  maxBatchRows: number;
  examination: Examination;
};

/** One version of a model that serves. */
export type HeldModel = {
  readonly name: string;
  readonly version: string;
  readonly signature: Signature;
  readonly outputNames: readonly string[];
  readonly examination: Examination;
  readonly declaredBytes: number | null;
  readonly place: "inline" | "worker";
  /** Why it does not serve though it is held: its runs did not end, or ended their processes. null while it serves. */
  readonly fault: ModelFault | null;
  /**
   * Inputs are checked and in the signature's order. What is over before its run begins is not run.
   * @throws SlipwayError model/failed, model/crashed, model/hung, model/too_busy, model/timeout, request/cancelled
   */
  infer(inputs: readonly Tensor[], outputs: readonly string[], end: RunEnd): Promise<Tensor[]>;
  /** Waits for the requests in flight, but not for ever, then frees its memory. */
  close(): Promise<void>;
};

/**
 * Opens a model where it belongs. On the serving thread run only models whose graph bounds their time by the size of what
 * they are given, measured to be quick, and only with sizes that their runs so far vouch for. Everything else is run by
 * runners: by those that all share, or by its own once a run took long. @throws SlipwayError model/corrupt
 */
export async function openHeldModel(input: HeldModelInput, deps: HeldModelDeps): Promise<HeldModel> {
  const { name, version, file, intraOpThreads, examination } = input;
  const { execution, crashFile, metrics, log } = deps;
  const { runMs } = examination;
  const key = `${name}/${version}`;
  const { withoutShape } = examination.facts;
  const opening = { key, file, intraOpThreads, withoutShape, keepsMemory: examination.timeBound.bounded };
  const isQuick =
    examination.timeBound.bounded && runMs !== null && runMs < INLINE_RUN_MS && examination.openMs < INLINE_OPEN_MS;
  const trust = createInlineTrust({ bytes: examination.sampleBytes, tookMs: runMs ?? LONGEST_INLINE_RUN_MS });
  let session: OnnxSession | null = null;
  let inlineId = 0;
  let batcher: Batcher;
  let group: RunnerGroup | null = null;
  let own: RunnerGroup | null = null;
  let opened: Promise<Batcher> | null = null;
  let inFlight = 0;
  let onIdle: (() => void) | null = null;
  let isClosed = false;
  const cleanUps: (() => void)[] = [];

  const faults = createFaultRecord((fault) => {
    metrics.quarantined();
    log.quarantined({ name, version }, fault);
    void group?.close(key, { byForce: true });
    void own?.stop();
  });
  const events: GroupEvents = {
    onLongRun: () => void moveToOwn(),
    onRunEnded({ ranMs, isPastDeadline }) {
      metrics.runEnded();
      log.runEnded({ name, version }, ranMs);
      // A caller that loses patience says nothing about the model; a deadline many times what a run takes does.
      if (isPastDeadline && ranMs > HUNG_MS + HUNG_FACTOR * (runMs ?? 0)) faults.hung();
    },
    onCrash(_key, how) {
      metrics.runnerLost();
      log.crashed({ name, version }, how);
      if (!FROM_OUTSIDE.has(how)) faults.crashed();
    },
  };

  const runInline = (inline: OnnxSession): Run => {
    return (inputs, outputs) => {
      execution.inlineWatch.begin(inlineId);
      const start = performance.now();
      try {
        return inline.run(inputs, outputs);
      } finally {
        const tookMs = performance.now() - start;
        execution.inlineWatch.end();
        metrics.ran("inline", tookMs);
        if (tookMs > LONGEST_INLINE_RUN_MS) leaveServingThread();
        else trust.saw(inputBytes(inputs), tookMs);
      }
    };
  };
  const runInRunner: Run = async (inputs, outputs, end) => {
    const start = performance.now();
    try {
      return await runInGroup(inputs, outputs, end);
    } finally {
      metrics.ran("worker", performance.now() - start);
    }
  };

  /** A model that moves meanwhile is followed to where it is then. */
  async function runInGroup(...[inputs, outputs, end]: Parameters<Run>): Promise<Tensor[]> {
    for (;;) {
      if (faults.fault !== null) throw faults.fault;
      const present = group;
      if (present === null) throw new ModelClosed();
      try {
        return await present.run(key, inputs, outputs, end);
      } catch (error) {
        if (!(error instanceof ModelClosed) || (group === present && faults.fault === null)) throw error;
      }
    }
  }

  async function cleanUp(): Promise<void> {
    for (const end of cleanUps) end();
    await own?.stop();
  }

  /** Opens it in runners; once, however often it is asked for. */
  function openInRunners(): Promise<Batcher> {
    opened ??= (async () => {
      cleanUps.push(execution.listen(key, events));
      if (runMs !== null && runMs > LONG_RUN_MS) {
        own = execution.startOwn(ownSize(), events);
        group = own;
      } else group = execution.shared;
      await group.open(opening);
      const inRunners = createBatcher({
        run: runInRunner,
        concurrency: execution.options.workers,
        canBatch: examination.batching.proven,
        maxRows: () => input.maxBatchRows,
        maxWaiting: MAX_WAITING,
        onRun: metrics.joined,
      });
      cleanUps.push(execution.everyMoment(inRunners.sweep));
      return inRunners;
    })();
    return opened;
  }

  /** One whose runs need not end gets one process, so that it cannot take all processors. */
  function ownSize(): number {
    return examination.timeBound.bounded ? execution.options.workers : 1;
  }

  /** A run took long: from now on the model waits for nobody but itself, and nobody else for it. */
  async function moveToOwn(): Promise<void> {
    if (own !== null || isClosed || faults.fault !== null) return;
    const started = execution.startOwn(ownSize(), events);
    own = started;
    log.moved({ name, version });
    try {
      await started.open(opening);
      group = started;
      await execution.shared.close(key);
    } catch {
      // It stays where it is, which is worse for others but right for itself.
      own = null;
      await started.stop();
    }
  }

  /** A run took too long for the serving thread: all that come after it go to the runners. */
  function leaveServingThread(): void {
    openInRunners().then(
      (inRunners) => {
        batcher = inRunners;
        isInline = false;
      },
      () => undefined, // It goes on in line: slow is better than gone.
    );
  }

  let isInline = isQuick;
  if (isQuick) {
    const opened = crashFile.note("loading", { name, version });
    try {
      session = openOnnxSession(file, opening);
    } finally {
      opened();
    }
    inlineId = execution.inlineWatch.register({ name, version });
    batcher = createBatcher({
      run: runInline(session),
      concurrency: 1,
      canBatch: examination.batching.proven,
      maxRows: (inputs) => {
        const rows = inputs[0]?.shape[0] ?? 1;
        return Math.min(input.maxBatchRows, Math.floor((trust.maxBytes / Math.max(1, inputBytes(inputs))) * rows));
      },
      maxWaiting: MAX_WAITING,
      onRun: metrics.joined,
    });
  } else {
    try {
      batcher = await openInRunners();
    } catch (error) {
      await cleanUp();
      throw error;
    }
  }

  async function inferInRunners(inputs: readonly Tensor[], outputs: readonly string[], end: RunEnd): Promise<Tensor[]> {
    const inRunners = await openInRunners();
    return inRunners.submit(inputs, outputs, end);
  }
  const settled = () => {
    inFlight -= 1;
    metrics.inFlight(-1);
    if (inFlight === 0) onIdle?.();
  };
  return {
    name,
    version,
    signature: examination.signature,
    outputNames: examination.signature.outputs.map((output) => output.name),
    examination,
    declaredBytes: input.declaredBytes,
    place: isQuick ? "inline" : "worker",
    get fault() {
      return faults.fault;
    },
    infer(inputs, outputs, end) {
      if (faults.fault !== null) return Promise.reject(faults.fault);
      inFlight += 1;
      metrics.inFlight(1);
      const answer =
        isInline && inputBytes(inputs) > trust.maxBytes
          ? inferInRunners(inputs, outputs, end)
          : batcher.submit(inputs, outputs, end);
      answer.then(settled, settled);
      return answer;
    },
    async close() {
      if (inFlight > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, CLOSE_WITHIN_MS);
          onIdle = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isClosed = true;
      await opened?.catch(() => undefined);
      session?.dispose();
      if (inlineId > 0) execution.inlineWatch.forget(inlineId);
      if (opened !== null) await execution.shared.close(key, { byForce: true });
      await cleanUp();
    },
  };
}
