import * as z from "zod";

/** The largest body that can be tried. */
export const TRIAL_BODY_LIMIT_BYTES = 1_048_576;
/** How much of an answer is read; the rest is left. */
export const TRIAL_ANSWER_LIMIT_BYTES = 2_097_152;
/** How long an answer is waited for. */
export const TRIAL_TIMEOUT_MS = 60_000;

/** How the body is meant: Open Inference Protocol v2, or Seldon's v1 predictions. */
export const trialProtocol = z.enum(["v2", "seldon"]);
export type TrialProtocol = z.output<typeof trialProtocol>;

/** A body to try: text goes as it is, so that 64-bit integers stay exact; an object is written as JSON. */
export const trialBody = z.union([z.string(), z.record(z.string(), z.unknown())]).superRefine((body, context) => {
  const sizeBytes = new TextEncoder().encode(trialText(body)).length;
  if (sizeBytes <= TRIAL_BODY_LIMIT_BYTES) return;
  context.addIssue({
    code: "custom",
    message: `is ${sizeBytes} bytes; at most ${TRIAL_BODY_LIMIT_BYTES} can be tried`,
  });
});

/** What goes over the wire for a body. */
export function trialText(body: string | Record<string, unknown>): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** What the gateway answered to a try, whether it is a success or an error of its own. */
export const trialAnswer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string().describe("As it came"),
  isTruncated: z.boolean().describe(`Only the first ${TRIAL_ANSWER_LIMIT_BYTES} bytes of the body are here`),
  latencyMs: z.number().describe("From the sending to the end of the answer, as the console's process saw it"),
  requestId: z.string(),
  url: z.string().describe("Where it was sent"),
});
export type TrialAnswer = z.output<typeof trialAnswer>;
