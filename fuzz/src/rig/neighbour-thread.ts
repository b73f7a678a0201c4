import { Agent, request } from "node:http";
import { workerData } from "node:worker_threads";
import { systemClock } from "@slipway/service-kit";
import { type NeighbourWork, SLOT } from "./neighbour.ts";

/** Between two calls; one is always under way or about to be. */
const PAUSE_MS = 15;
const HANG_MS = 20_000;

const { call, shared }: NeighbourWork = workerData;
const numbers = new Int32Array(shared);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function ask(): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(call.url, { agent, method: call.method, timeout: HANG_MS }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.end(call.body);
  });
}

const isRight = (text: string) => call.expected.every((part) => text.includes(part));

/** Keeps the larger of what is there and what is given; nobody else raises it. */
function raise(slot: number, value: number): void {
  if (value > Atomics.load(numbers, slot)) Atomics.store(numbers, slot, value);
}

while (Atomics.load(numbers, SLOT.stop) === 0) {
  const startedMs = systemClock.monotonicMs();
  const isOk = await ask().then(isRight, () => false);
  raise(SLOT.longestMs, Math.round(systemClock.monotonicMs() - startedMs));
  Atomics.add(numbers, isOk ? SLOT.answered : SLOT.wrong, 1);
  await systemClock.sleep(PAUSE_MS);
}
agent.destroy();
