import { parentPort } from "node:worker_threads";
import { type LogAnswer, SlipwayError } from "@slipway/contracts";
import { type LogQuestion, LogReader } from "./log-reader.ts";

/** What the worker is asked and answers; `problem` is that of a question which cannot be answered as it is. */
export type LogWorkerAsk = { id: number; question: LogQuestion };
export type LogWorkerReply =
  | { id: number; is: "indexed" }
  | { id: number; is: "answer"; answer: LogAnswer }
  | { id: number; is: "problem"; problem: string; field: string }
  | { id: number; is: "failure"; failure: string };

const reader = new LogReader();

parentPort?.on("message", ({ id, question }: LogWorkerAsk) => {
  parentPort?.postMessage(reply(id, question));
});

function reply(id: number, question: LogQuestion): LogWorkerReply {
  try {
    const answer = reader.answer(question, () => parentPort?.postMessage({ id, is: "indexed" }));
    return { id, is: "answer", answer };
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "request/invalid") {
      return { id, is: "problem", problem: error.message, field: error.field ?? "" };
    }
    return { id, is: "failure", failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
