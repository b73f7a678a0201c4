import "../onnx/no-telemetry.ts";
import { Worker } from "node:worker_threads";
import { type OnnxSession, openOnnxSession } from "../onnx/onnx-session.ts";
import { type RunnerAnswer, type RunnerRequest, type RunnerResult, toFailure } from "./runner-messages.ts";

/**
 * A runner: a process that holds sessions and does one thing after the other. It blocks while it does, and a run cannot
 * be told to stop; the serving process ends it by force when it must.
 */
const sessions = new Map<string, OnnxSession>();

async function handle(request: RunnerRequest): Promise<RunnerResult> {
  switch (request.kind) {
    case "examine": {
      // Not needed by those that only run models, which so start in half the time.
      const { examineModel } = await import("./examine-model.ts");
      return { examination: examineModel(request.input) };
    }
    case "open":
      sessions.set(request.input.key, openOnnxSession(request.input.file, request.input));
      return {};
    case "run": {
      const session = sessions.get(request.key);
      if (session === undefined) throw new Error(`no session ${request.key}`);
      return { outputs: session.run(request.inputs, request.outputs) };
    }
    case "close":
      sessions.get(request.key)?.dispose();
      sessions.delete(request.key);
      return {};
    default:
      return request satisfies never;
  }
}

process.on("message", async (request: RunnerRequest) => {
  let answer: RunnerAnswer;
  try {
    answer = { id: request.id, result: await handle(request) };
  } catch (error) {
    answer = { id: request.id, failure: toFailure(error) };
  }
  process.send?.(answer);
});

// A signal to the whole group is for the serving process, which lets requests finish and then ends its runners.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);

// When the serving process is gone nobody reads what is made here; a thread sees it also while a run hangs.
process.on("disconnect", () => process.exit(0));
new Worker(new URL("./runner-watch.ts", import.meta.url), { workerData: { parent: process.ppid } }).unref();
