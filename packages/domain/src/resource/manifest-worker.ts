import { parentPort } from "node:worker_threads";
import { type ErrorData, type ManifestDocument, type Problem, parseManifests, SlipwayError } from "@slipway/contracts";

/** What the thread is asked, and what it answers: first that it has begun, then one of the others. */
export type ManifestAsk = { id: number; text: string };
export type ManifestReply = { id: number } & (
  | { is: "begun" }
  | { is: "read"; documents: ManifestDocument[] }
  | { is: "refused"; data: ErrorData<"manifest/invalid">; problems: Problem[] }
  | { is: "failed"; failure: string }
);

parentPort?.on("message", ({ id, text }: ManifestAsk) => {
  send({ id, is: "begun" });
  send(replyTo(id, text));
});

function send(reply: ManifestReply): void {
  parentPort?.postMessage(reply);
}

function replyTo(id: number, text: string): ManifestReply {
  try {
    return { id, is: "read", documents: parseManifests(text) };
  } catch (error) {
    if (isInvalid(error)) return { id, is: "refused", data: error.data, problems: error.problems ?? [] };
    return { id, is: "failed", failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function isInvalid(error: unknown): error is SlipwayError<"manifest/invalid"> {
  return error instanceof SlipwayError && error.code === "manifest/invalid";
}
