import { SlipwayError } from "@slipway/contracts";
import type { Tensor } from "@slipway/inference";
import type { Examination, ExamineInput } from "./examine-model.ts";
import { type ModelWorker, startModelWorker } from "./model-worker.ts";

export type OpenInput = { key: string; file: string; intraOpThreads: number; withoutShape: readonly string[] };

/** Threads beside the serving one: one that examines what is loaded, and some that run what is too slow to run in line. */
export type WorkerPool = {
  readonly size: number;
  examine(input: ExamineInput): Promise<Examination>;
  /** Opens a session in every running worker, one after the other, so that the rest keep serving. */
  open(input: OpenInput): Promise<void>;
  /** Runs in the worker with the least to do. @throws SlipwayError model/failed */
  run(key: string, inputs: readonly Tensor[], outputs: readonly string[]): Promise<Tensor[]>;
  close(key: string): Promise<void>;
  stop(): Promise<void>;
};

/** Threads start with their first work. A thread that ends is replaced, and opens again what it held. */
export function createWorkerPool(size: number, onThreadLost: (error: unknown) => void): WorkerPool {
  const held = new Map<string, OpenInput>();
  let runners: ModelWorker[] = [];
  let examiner: ModelWorker | null = null;

  function startRunner(): ModelWorker {
    const runner: ModelWorker = startModelWorker((error) => {
      onThreadLost(error);
      const replacement = startRunner();
      runners = runners.map((other) => (other === runner ? replacement : other));
      for (const input of held.values()) replacement.call({ kind: "open", ...input }).catch(onThreadLost);
    });
    return runner;
  }

  function startedExaminer(): ModelWorker {
    examiner ??= startModelWorker((error) => {
      onThreadLost(error);
      examiner = null;
    });
    return examiner;
  }

  function leastBusy(): ModelWorker | undefined {
    let best: ModelWorker | undefined;
    for (const runner of runners) if (best === undefined || runner.pending < best.pending) best = runner;
    return best;
  }

  return {
    size,
    async examine(input) {
      const { examination } = await startedExaminer().call({ kind: "examine", input });
      if (examination === undefined) throw new Error("the examining thread gave no result");
      return examination;
    },
    async open(input) {
      while (runners.length < size) runners.push(startRunner());
      held.set(input.key, input);
      try {
        for (const runner of [...runners]) await runner.call({ kind: "open", ...input });
      } catch (error) {
        held.delete(input.key);
        throw error;
      }
    },
    async run(key, inputs, outputs) {
      const runner = leastBusy();
      if (runner === undefined) throw new SlipwayError("model/failed", { detail: "no worker thread runs" });
      const result = await runner.call({ kind: "run", key, inputs, outputs });
      return result.outputs ?? [];
    },
    async close(key) {
      held.delete(key);
      await Promise.all(runners.map((runner) => runner.call({ kind: "close", key })));
    },
    async stop() {
      await Promise.all([...runners, ...(examiner === null ? [] : [examiner])].map((worker) => worker.stop()));
    },
  };
}
