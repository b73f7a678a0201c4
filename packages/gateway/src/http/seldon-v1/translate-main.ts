import { parentPort } from "node:worker_threads";
import { SlipwayError } from "@slipway/contracts";
import { translate } from "./translate.ts";
import type { TranslateMessage, TranslateReply } from "./translate-messages.ts";

// The thread beside the gateway's own in which large bodies are translated.
parentPort?.on("message", ({ id, job }: TranslateMessage) => parentPort?.postMessage(reply(id, job)));

function reply(id: number, job: TranslateMessage["job"]): TranslateReply {
  try {
    return { id, translated: translate(job) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) return { id, failure: null, detail: String(error) };
    return { id, failure: { code: error.code, data: error.data, field: error.field }, detail: "" };
  }
}
