import { parentPort } from "node:worker_threads";
import { type OnnxSession, openOnnxSession } from "../onnx/onnx-session.ts";
import { examineModel } from "./examine-model.ts";
import { toFailure, type WorkerAnswer, type WorkerRequest, type WorkerResult } from "./worker-messages.ts";

/** A worker thread: holds sessions of its own and does one thing after the other. */
const sessions = new Map<string, OnnxSession>();

function handle(request: WorkerRequest): WorkerResult {
  switch (request.kind) {
    case "examine":
      return { examination: examineModel(request.input) };
    case "open":
      sessions.set(request.key, openOnnxSession(request.file, request));
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

parentPort?.on("message", (request: WorkerRequest) => {
  let answer: WorkerAnswer;
  try {
    answer = { id: request.id, result: handle(request) };
  } catch (error) {
    answer = { id: request.id, failure: toFailure(error) };
  }
  parentPort?.postMessage(answer);
});
