import { Agent, request } from "node:http";
import { ERROR_CODES } from "@slipway/contracts";
import * as fc from "fast-check";
import * as z from "zod";
import { type Area, hold } from "../area.ts";
import { PRIVATE, PUBLIC } from "../rig/serving.ts";
import { mustBeInTable } from "./callers-fault.ts";
import { jsonBody } from "./json-requests.ts";
import { servingArea } from "./serving-area.ts";

const BASE = `/serve/default/${PUBLIC.deployment}`;
const INFER = `${BASE}/v2/models/${PUBLIC.deployment}/infer`;
/** Where an input goes; its first byte says. Mostly to the model, else to what is near it. */
const PATHS = [
  ...Array.from({ length: 10 }, () => INFER),
  `${BASE}/v2/models/${PUBLIC.deployment}/versions/${PUBLIC.version}/infer`,
  `${BASE}/v2/models/${PUBLIC.deployment}/versions/${PRIVATE.version}/infer`,
  `${BASE}/v2/models/${PRIVATE.uid}/infer`,
  `${BASE}/v2/models/${PRIVATE.deployment}/infer`,
  `${BASE}/v2/models/..%2f${PRIVATE.uid}/infer`,
  `${BASE}/api/v1.0/predictions`,
  `/serve/default/${PRIVATE.deployment}/v2/models/${PRIVATE.deployment}/infer`,
] as const;

const inferAnswer = z.object({
  model_name: z.string(),
  model_version: z.string().optional(),
  outputs: z.array(z.object({ name: z.string(), data: z.array(z.unknown()) })),
});
const seldonAnswer = z.object({ data: z.unknown() });

export const restInfer: Area = {
  name: "rest-infer",
  guarantee: "a REST request is answered by its route's version with its numbers, or refused as its caller's fault",
  inputs: { long: 30_000, short: 120 },
  bytes: () =>
    fc.tuple(fc.nat(PATHS.length - 1), jsonBody).map(([path, body]) => Buffer.concat([Buffer.of(path), body])),
  open: () =>
    servingArea(({ httpAddress }) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      return {
        async check(bytes) {
          const path = PATHS[(bytes[0] ?? 0) % PATHS.length] ?? INFER;
          const body = bytes.subarray(1);
          mustBeRight(body, path, await post(agent, httpAddress, path, body));
        },
        close: () => agent.destroy(),
      };
    }),
};

type Answer = { status: number; text: string };

function post(agent: Agent, httpAddress: string, path: string, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const sent = request(
      `http://${httpAddress}${path}`,
      { agent, method: "POST", headers, timeout: 20_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        response.on("error", reject);
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer within 20 s")));
    sent.on("error", reject);
    sent.end(body);
  });
}

function mustBeRight(body: Buffer, path: string, { status, text }: Answer): void {
  if (status !== 200) {
    mustBeRefusal(status, text);
    return;
  }
  if (!path.startsWith(`${BASE}/v2/`)) {
    hold(path.startsWith(`${BASE}/api`), "nobody is answered where they may not be", () => path);
    hold(seldonAnswer.safeParse(JSON.parse(text)).success, "an answer has its protocol's form", () => text);
    return;
  }
  const answer = inferAnswer.parse(JSON.parse(text));
  hold(answer.model_name === PUBLIC.deployment, "an answer names the deployment", () => text);
  hold(answer.model_version === PUBLIC.version, "the answering version is the route's", () => text);
  const [output] = answer.outputs;
  const input = xOf(JSON.parse(body.toString("utf8")));
  const right = input.map((value) => Math.fround(Math.fround(Number(value)) * PUBLIC.factor));
  hold(JSON.stringify(output?.data) === JSON.stringify(right), "the answer has this request's numbers", () => text);
}

/** A refusal by the table, whose cause is the caller. What a model's own numbers overflow to is the model's. */
export function mustBeRefusal(status: number, text: string): void {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  const code = mustBeInTable(
    typeof body === "object" && body !== null && "code" in body ? body.code : `${status} ${text}`,
  );
  const entry = ERROR_CODES[code];
  hold(entry.http === status, "a refusal has its code's status", () => `${status} ${code}`);
  if (code === "tensor/non_finite_output") return;
  hold(entry.owner === "caller" && status < 500, "garbage is its caller's fault", () => `${status} ${text}`);
}

function xOf(said: unknown): unknown[] {
  const read = z
    .object({ inputs: z.array(z.object({ name: z.string(), data: z.array(z.unknown()) })) })
    .parse(said)
    .inputs.find(({ name }) => name === "x");
  return read?.data.flat(Number.POSITIVE_INFINITY) ?? [];
}
