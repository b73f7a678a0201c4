import { systemClock } from "@slipway/service-kit";
import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { startCalling, tally } from "./caller.ts";
import { inferUrl, isSettled, modelFile, sampleOf, untilState } from "./examples.ts";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({ schedulerReplicas: 2 });
  await platform.deploy("iris", modelFile("iris"));
});
afterAll(() => platform?.stop());

const status = z.object({ leader: z.object({ id: z.string(), address: z.string() }).nullable() });

async function leaderAddress(): Promise<string | null> {
  return status.parse((await platform.api("GET", "/status")).body).leader?.address ?? null;
}

/** The name of the process that leads, by the pid that listens where the lease says. */
async function leaderName(): Promise<string> {
  const { leader } = status.parse((await platform.api("GET", "/status")).body);
  const names = platform.processes().map(({ name }) => name);
  const name = names.find((one) => one.startsWith("scheduler") && leader?.id.endsWith(one) === true);
  if (name === undefined) throw new Error(`no scheduler of ${names.join(", ")} leads as ${leader?.id}`);
  return name;
}

/** The promise is 5 s; asking the API over and over on a busy machine may take another one to see it. */
const TAKEOVER_SEEN_MS = 6_000;

test("a frozen leader is replaced within 5 s, changes go on, and after it thaws it changes nothing", async () => {
  const token = await platform.createToken("iris", "takeover");
  const caller = startCalling({ url: inferUrl(platform, "iris"), token, body: sampleOf("iris") });
  const [oldName, oldAddress] = [await leaderName(), await leaderAddress()];
  const frozenAt = systemClock.monotonicMs();
  platform.signal(oldName, "SIGSTOP");
  try {
    await until(async () => ![oldAddress, null].includes(await leaderAddress()), {
      timeoutMs: 15_000,
      everyMs: 50,
      what: "another scheduler leads",
    });
    expect(systemClock.monotonicMs() - frozenAt).toBeLessThan(TAKEOVER_SEEN_MS);
    await platform.deploy("after-takeover", modelFile("breast-cancer"));
  } finally {
    platform.signal(oldName, "SIGCONT");
  }
  await platform.api("POST", "/deployments/after-takeover/stop");
  await untilState(platform, "after-takeover", (one) => one.status.lifecycle === "Stopped", "is stopped");
  await platform.api("POST", "/deployments/after-takeover/start");
  await untilState(platform, "after-takeover", isSettled, "runs again");
  expect(await leaderName()).not.toBe(oldName);
  expect(Object.keys(tally(await caller.stop()))).toEqual(["200"]);
});
