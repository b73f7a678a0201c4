import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isSettled, modelFile, untilState } from "./examples.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.stop());

const NAMES = ["one", "two", "three"] as const;
const MODELS = ["iris", "breast-cancer", "digits"] as const;
const PROCESSES = ["scheduler", "gateway", "console", "postgres", "agent-onnx-0", "model-server-onnx-0"] as const;

/** A generator of numbers that looks random and is the same each time, so that a failure can be seen again. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(random: () => number, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}

/** Applies a deployment until it is accepted, and gives the generation that it then has. */
async function applyUntilAccepted(name: string, model: (typeof MODELS)[number], replicas: number): Promise<void> {
  const spec = { variants: [{ model: { uri: `file://${modelFile(model)}` } }], scaling: { replicas } };
  const manifest = JSON.stringify({ apiVersion: "slipway.dev/v1", kind: "Deployment", metadata: { name }, spec });
  await until(async () => (await platform.api("POST", "/apply", { manifest })).status === 200, {
    timeoutMs: 30_000,
    everyMs: 100,
    what: `the change of ${name} is accepted`,
  });
}

test("every process killed in random order under a stream of changes: the platform converges and nothing is lost", async () => {
  const random = mulberry(20_261_121);
  const last = new Map<string, { model: (typeof MODELS)[number] }>();
  const victims = [...PROCESSES].sort(() => random() - 0.5);
  for (const victim of victims) {
    for (let change = 0; change < 2; change += 1) {
      const [name, model] = [pick(random, NAMES), pick(random, MODELS)];
      await applyUntilAccepted(name, model, 1);
      last.set(name, { model });
    }
    const running = platform.processes().find(({ name }) => name === victim);
    if (running === undefined) continue;
    process.kill(running.pid, "SIGKILL");
    await until(() => platform.pidOf(victim) !== running.pid, {
      timeoutMs: 30_000,
      everyMs: 20,
      what: `${victim} runs again`,
    });
  }
  for (const [name, { model }] of last) {
    const state = await untilState(platform, name, isSettled, "has settled", 60_000);
    expect(state.spec).toMatchObject({ variants: [{ model: { uri: `file://${modelFile(model)}` } }] });
  }
});
