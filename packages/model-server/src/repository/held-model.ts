import type { Signature, Tensor } from "@slipway/inference";
import { type Batcher, createBatcher, type Run } from "../batching/batcher.ts";
import type { CrashFile } from "../crash-file.ts";
import type { Examination } from "../execution/examine-model.ts";
import type { RunEnd } from "../execution/run-end.ts";
import type { WorkerPool } from "../execution/worker-pool.ts";
import type { ModelServerMetrics } from "../metrics.ts";
import { type OnnxSession, openOnnxSession } from "../onnx/onnx-session.ts";

/** A run measured under this happens on the serving thread, where handing it to another would cost more. */
const INLINE_RUN_MS = 0.2;
/** Opening blocks the serving thread, so a model that takes longer to open is left to the workers. */
const INLINE_OPEN_MS = 100;
/** An inline run that takes longer than this moves the model to the workers: its sample was not typical. */
const SLOW_INLINE_RUN_MS = 20;
/** The most requests that wait for one model; beyond, callers are told to come back. */
const MAX_WAITING = 1_024;
/** Until a model has completed so many runs in line, each is noted in the crash file. */
const YOUNG_RUNS = 20;

export type HeldModelDeps = { pool: WorkerPool; crashFile: CrashFile; metrics: ModelServerMetrics };
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
  /**
   * Inputs are checked and in the signature's order. What is over before its run begins is not run.
   * @throws SlipwayError model/failed, model/too_busy, model/timeout, request/cancelled
   */
  infer(inputs: readonly Tensor[], outputs: readonly string[], end: RunEnd): Promise<Tensor[]>;
  /** Waits for the requests in flight, then frees its memory. */
  close(): Promise<void>;
};

/** Opens a model where its measured run says that it belongs. @throws SlipwayError model/corrupt */
export async function openHeldModel(input: HeldModelInput, deps: HeldModelDeps): Promise<HeldModel> {
  const { name, version, file, intraOpThreads, examination } = input;
  const { pool, crashFile, metrics } = deps;
  const key = `${name}/${version}`;
  const opening = { key, file, intraOpThreads, withoutShape: examination.facts.withoutShape };
  const isQuick =
    examination.runMs !== null && examination.runMs < INLINE_RUN_MS && examination.openMs < INLINE_OPEN_MS;
  let session: OnnxSession | null = null;
  let batcher: Batcher;
  let inFlight = 0;
  let completedRuns = 0;
  let move: Promise<void> | null = null;
  let onIdle: (() => void) | null = null;

  const runInline = (inline: OnnxSession): Run => {
    return (inputs, outputs) => {
      const clear = completedRuns < YOUNG_RUNS ? crashFile.note("running", { name, version }) : null;
      const start = performance.now();
      try {
        return inline.run(inputs, outputs);
      } finally {
        clear?.();
        completedRuns += 1;
        const tookMs = performance.now() - start;
        metrics.ran("inline", tookMs);
        if (tookMs > SLOW_INLINE_RUN_MS) moveToWorkers();
      }
    };
  };
  const runInWorker: Run = async (inputs, outputs) => {
    const clear = crashFile.note("running", { name, version });
    const start = performance.now();
    try {
      return await pool.run(key, inputs, outputs);
    } finally {
      clear();
      metrics.ran("worker", performance.now() - start);
    }
  };
  const batcherFor = (run: Run, concurrency: number) =>
    createBatcher({
      run,
      concurrency,
      canBatch: examination.batching.proven,
      maxRows: input.maxBatchRows,
      maxWaiting: MAX_WAITING,
      onRun: metrics.joined,
    });

  function moveToWorkers(): void {
    if (move !== null) return;
    move = pool.open(opening).then(
      () => {
        batcher = batcherFor(runInWorker, pool.size);
      },
      () => undefined, // It goes on in line: slow is better than gone.
    );
  }

  if (isQuick) {
    session = openOnnxSession(file, opening);
    batcher = batcherFor(runInline(session), 1);
  } else {
    await pool.open(opening);
    batcher = batcherFor(runInWorker, pool.size);
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
    infer(inputs, outputs, end) {
      inFlight += 1;
      metrics.inFlight(1);
      const answer = batcher.submit(inputs, outputs, end);
      answer.then(settled, settled);
      return answer;
    },
    async close() {
      if (inFlight > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
      }
      await move;
      session?.dispose();
      if (!isQuick || move !== null) await pool.close(key);
    },
  };
}
