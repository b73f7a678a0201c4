import { Worker } from "node:worker_threads";
import { SlipwayError } from "@slipway/contracts";
import { type CodecAnswer, type CodecJob, type CodecRequest, type CodecResult, fromFailure } from "./codec-messages.ts";

/** One thread that does one job at a time. */
export type CodecThread = {
  /** @throws SlipwayError what the job met; request/too_costly when it took all the memory that a thread may have */
  run(job: CodecJob, transfer: ArrayBuffer[]): Promise<CodecResult>;
  stop(): Promise<void>;
};

type Pending = { id: number; resolve: (result: CodecResult) => void; reject: (error: unknown) => void };

/** Starts a thread. `onExit` is called when it ends without being stopped; its job is refused then. */
export function startCodecThread(onExit: (error: unknown) => void): CodecThread {
  const worker = new Worker(new URL("./codec-main.ts", import.meta.url), { name: "codec" });
  // Nobody waits for its end but who stops it.
  worker.unref();
  let pending: Pending | null = null;
  let nextId = 0;
  let isOver = false;

  worker.on("message", (answer: CodecAnswer) => {
    const job = pending;
    if (job === null || job.id !== answer.id) return;
    pending = null;
    if ("failure" in answer) job.reject(fromFailure(answer.failure));
    else job.resolve(answer.result);
  });
  const end = (error: unknown) => {
    if (isOver) return;
    isOver = true;
    onExit(error);
    pending?.reject(isOutOfMemory(error) ? new SlipwayError("request/too_costly", {}, { cause: error }) : error);
    pending = null;
  };
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`a codec thread ended with code ${code}`)));
  return {
    run: (job, transfer) =>
      new Promise((resolve, reject) => {
        if (isOver) return reject(new Error("the codec thread is gone"));
        nextId += 1;
        pending = { id: nextId, resolve, reject };
        worker.postMessage({ ...job, id: nextId } satisfies CodecRequest, transfer);
      }),
    async stop() {
      isOver = true;
      pending?.reject(new Error("the codec thread was stopped"));
      pending = null;
      await worker.terminate();
    },
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
