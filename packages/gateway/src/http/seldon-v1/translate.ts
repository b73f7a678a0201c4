import { readPrediction } from "./read-prediction.ts";
import type { Translated, TranslateJob } from "./translate-messages.ts";
import { toInferRequest, toPrediction } from "./translate-prediction.ts";

/** @throws SlipwayError request/malformed_json, request/too_deep, request/invalid */
export function translate(job: TranslateJob): Translated {
  const body = Buffer.from(job.body.buffer, job.body.byteOffset, job.body.byteLength);
  switch (job.kind) {
    case "request": {
      const prediction = readPrediction(body);
      const { form, puid } = prediction;
      return { text: toInferRequest(prediction, job.signature, job.requestId), form, puid };
    }
    case "answer": {
      const { form, puid } = job.context;
      return { text: toPrediction(body, job.context), form, puid };
    }
    default:
      return job satisfies never;
  }
}
