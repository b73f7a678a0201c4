import { Agent, request } from "node:http";
import { systemClock } from "@slipway/service-kit";
import * as z from "zod";

/** A deployment that is called all the while, with what Python's onnxruntime answers to each request. */
export type Target = {
  name: string;
  url: string;
  token: string;
  cases: readonly { body: string; outputs: readonly { name: string; data: readonly (number | string)[] }[] }[];
};

export type LoadResult = {
  requests: number;
  /** Answered with an error, cut off, or not answered within the time that counts as a hang. */
  failed: number;
  /** Answered with success and other numbers than the right ones. */
  wrong: number;
  /** The longest that a deployment gave no right answer. */
  worstGapMs: number;
  /** How many failures of each kind, to be told. */
  kinds: Readonly<Record<string, number>>;
};

export type Load = {
  /** Right answers of the deployment that has had fewest. */
  leastAnswers(): number;
  stop(): Promise<LoadResult>;
};

const HANG_MS = 10_000;
const PAUSE_MS = 10;
const CALLERS = 2;
const TOLERANCE = 1e-4;

const answer = z.object({
  outputs: z.array(z.object({ name: z.string(), data: z.array(z.union([z.number(), z.string()])) })),
});

/** Calls every deployment until stopped, checks each answer, and measures the gaps between right ones. Loopback only. */
export function startLoad(targets: readonly Target[]): Load {
  const agent = new Agent({ keepAlive: true });
  const counts = targets.map(() => ({ right: 0, lastRightMs: systemClock.monotonicMs(), worstGapMs: 0 }));
  const kinds: Record<string, number> = {};
  let requests = 0;
  let failed = 0;
  let wrong = 0;
  let isStopping = false;

  async function loop(target: Target, count: (typeof counts)[number]): Promise<void> {
    for (let turn = 0; !isStopping; turn += 1) {
      const one = target.cases[turn % target.cases.length];
      if (one === undefined) return;
      requests += 1;
      const outcome = await call(target, one.body, agent);
      if ("failure" in outcome) {
        failed += 1;
        kinds[outcome.failure] = (kinds[outcome.failure] ?? 0) + 1;
      } else if (!isRight(outcome.text, one.outputs)) wrong += 1;
      else noteRight(count);
      await systemClock.sleep(PAUSE_MS);
    }
  }

  const loops = targets.flatMap((target, index) => {
    const count = counts[index];
    return count === undefined ? [] : Array.from({ length: CALLERS }, () => loop(target, count));
  });
  return {
    leastAnswers: () => Math.min(...counts.map(({ right }) => right)),
    async stop() {
      isStopping = true;
      await Promise.all(loops);
      agent.destroy();
      return { requests, failed, wrong, worstGapMs: Math.max(...counts.map((one) => one.worstGapMs)), kinds };
    },
  };
}

function noteRight(count: { right: number; lastRightMs: number; worstGapMs: number }): void {
  const nowMs = systemClock.monotonicMs();
  count.right += 1;
  count.worstGapMs = Math.max(count.worstGapMs, nowMs - count.lastRightMs);
  count.lastRightMs = nowMs;
}

function call({ url, token }: Target, body: string, agent: Agent): Promise<{ text: string } | { failure: string }> {
  return new Promise((resolve) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
    };
    const sent = request(url, { agent, method: "POST", headers, timeout: HANG_MS }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("error", () => resolve({ failure: "cut off" }));
      response.on("end", () => {
        const code = /"code":"([^"]+)"/.exec(text)?.[1] ?? "";
        resolve(response.statusCode === 200 ? { text } : { failure: `${response.statusCode} ${code}` });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("error", (error) => resolve({ failure: "code" in error ? String(error.code) : error.message }));
    sent.end(body);
  });
}

function isRight(text: string, expected: Target["cases"][number]["outputs"]): boolean {
  const read = answer.safeParse(JSON.parse(text));
  if (!read.success) return false;
  return expected.every(({ name, data }) => {
    const given = read.data.outputs.find((output) => output.name === name)?.data;
    return given?.length === data.length && data.every((value, index) => isClose(value, given[index]));
  });
}

function isClose(expected: number | string, given: number | string | undefined): boolean {
  if (typeof expected === "string" || typeof given !== "number") return expected === given;
  return Math.abs(expected - given) <= TOLERANCE * Math.max(1, Math.abs(expected));
}
