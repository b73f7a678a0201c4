import { Worker } from "node:worker_threads";
import type { ModelRef } from "../crash-file.ts";

/**
 * Knows at any moment, from outside the serving thread, which model runs on it. A run there that does not end stops
 * everybody, and nothing but the end of the process ends it: the watch names the model in the crash file and does so.
 */
export type InlineWatch = {
  /** Makes a model known; the returned number stands for it. */
  register(model: ModelRef): number;
  forget(id: number): void;
  /** A run begins. Costs two writes into memory that the watching thread reads. */
  begin(id: number): void;
  end(): void;
  stop(): Promise<void>;
};

/** In the shared memory: which model runs (0 = none), and the number of the run. */
export const RUNNING_MODEL = 0;
export const RUN_NUMBER = 1;

export type WatchMessage = { id: number; model: ModelRef | null };
export type WatchData = { memory: SharedArrayBuffer; crashFile: string };

/** Without a crash file there is nobody who would start the server again, so nothing is watched. */
export function createInlineWatch(crashFile: string | undefined): InlineWatch {
  const memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const cells = new Int32Array(memory);
  let lastId = 0;
  let worker: Worker | null = null;
  const tell = (message: WatchMessage) => {
    if (crashFile === undefined) return;
    if (worker === null) {
      const workerData: WatchData = { memory, crashFile };
      worker = new Worker(new URL("./inline-watch-main.ts", import.meta.url), { name: "inline-watch", workerData });
      worker.unref();
    }
    worker.postMessage(message);
  };
  return {
    register({ name, version }) {
      lastId += 1;
      tell({ id: lastId, model: { name, version } });
      return lastId;
    },
    forget: (id) => tell({ id, model: null }),
    begin(id) {
      Atomics.store(cells, RUNNING_MODEL, id);
      Atomics.add(cells, RUN_NUMBER, 1);
    },
    end: () => void Atomics.store(cells, RUNNING_MODEL, 0),
    async stop() {
      await worker?.terminate();
    },
  };
}
