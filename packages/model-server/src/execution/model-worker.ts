import { Worker } from "node:worker_threads";
import { fromFailure, type WorkerAnswer, type WorkerRequest, type WorkerResult } from "./worker-messages.ts";

type WithoutId<Request> = Request extends unknown ? Omit<Request, "id"> : never;
type Pending = { resolve: (result: WorkerResult) => void; reject: (error: unknown) => void };

/** One worker thread and the requests it has not answered. */
export type ModelWorker = {
  /** Requests sent and not answered. */
  readonly pending: number;
  /** @throws SlipwayError what the worker met, `internal` when it is gone */
  call(request: WithoutId<WorkerRequest>): Promise<WorkerResult>;
  stop(): Promise<void>;
};

/** Starts a worker. `onExit` is called when it ends without being stopped; its pending requests are rejected. */
export function startModelWorker(onExit: (error: unknown) => void): ModelWorker {
  const worker = new Worker(new URL("./worker-main.ts", import.meta.url), { name: "onnx" });
  const pending = new Map<number, Pending>();
  let nextId = 0;
  let isStopping = false;
  worker.on("message", (answer: WorkerAnswer) => {
    const waiting = pending.get(answer.id);
    pending.delete(answer.id);
    if ("failure" in answer) waiting?.reject(fromFailure(answer.failure));
    else waiting?.resolve(answer.result);
  });
  const fail = (error: unknown) => {
    for (const waiting of pending.values()) waiting.reject(error);
    pending.clear();
    if (!isStopping) onExit(error);
    isStopping = true;
  };
  worker.on("error", fail);
  worker.on("exit", (code) => fail(new Error(`a worker thread ended with code ${code}`)));
  return {
    get pending() {
      return pending.size;
    },
    call: (request) =>
      new Promise((resolve, reject) => {
        if (isStopping) return reject(new Error("the worker thread is gone"));
        nextId += 1;
        pending.set(nextId, { resolve, reject });
        worker.postMessage({ ...request, id: nextId });
      }),
    async stop() {
      isStopping = true;
      await worker.terminate();
    },
  };
}
