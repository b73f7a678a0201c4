import { Agent, request } from "node:http";
import { systemClock } from "@slipway/service-kit";
import { percentile } from "../pages/percentile.ts";

/** A deployment that is called all the while, and what must stand in its answer. */
export type Neighbour = { name: string; url: string; body: string; expected: string };

export type Measured = { calls: number; failed: number; p50Ms: number; p99Ms: number; longestGapMs: number };

/** No answer within this time is a failed call. */
const HANG_MS = 10_000;
const PAUSE_MS = 2;
const CALLERS = 2;

/** Calls every neighbour for a while, two callers each, and says how long calls took and how many were not right. */
export async function measureCalls(neighbours: readonly Neighbour[], ms: number): Promise<Measured> {
  const untilMs = systemClock.monotonicMs() + ms;
  const durations: number[] = [];
  let failed = 0;
  let lastRightMs = systemClock.monotonicMs();
  let longestGapMs = 0;
  const agent = new Agent({ keepAlive: true });
  const loop = async (neighbour: Neighbour) => {
    while (systemClock.monotonicMs() < untilMs) {
      const startedMs = systemClock.monotonicMs();
      const isRight = await callOnce(neighbour, agent);
      const endedMs = systemClock.monotonicMs();
      durations.push(endedMs - startedMs);
      if (isRight) {
        longestGapMs = Math.max(longestGapMs, endedMs - lastRightMs);
        lastRightMs = endedMs;
      } else failed += 1;
      await systemClock.sleep(PAUSE_MS);
    }
  };
  await Promise.all(neighbours.flatMap((one) => Array.from({ length: CALLERS }, () => loop(one))));
  agent.destroy();
  longestGapMs = Math.max(longestGapMs, systemClock.monotonicMs() - lastRightMs);
  const calls = durations.length;
  return { calls, failed, p50Ms: percentile(durations, 0.5), p99Ms: percentile(durations, 0.99), longestGapMs };
}

/** Whether the answer is a success and the one that this model gives. Never rejects. */
export function callOnce({ url, body, expected }: Neighbour, agent?: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const options = { method: "POST", headers, timeout: HANG_MS, ...(agent === undefined ? {} : { agent }) };
    const sent = request(url, options, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve(response.statusCode === 200 && text.includes(expected)));
      response.on("error", () => resolve(false));
    });
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => resolve(false));
    sent.end(body);
  });
}
