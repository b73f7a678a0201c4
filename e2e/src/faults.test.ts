import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, callOnce, startCalling, tally } from "./caller.ts";
import { inferUrl, isSettled, modelFile, sampleOf, untilState } from "./examples.ts";

let platform: TestPlatform;
let token = "";

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.deploy("iris", modelFile("iris"));
  token = await platform.createToken("iris", "faults");
});
afterAll(() => platform?.stop());

const iris = () => ({ url: inferUrl(platform, "iris"), token, body: sampleOf("iris") });

/** Waits until a process runs again under another pid than it had. */
async function untilReplaced(name: string, oldPid: number): Promise<void> {
  await until(() => platform.pidOf(name) !== oldPid, { timeoutMs: 30_000, everyMs: 20, what: `${name} runs again` });
}

/** Waits for some more requests to be answered with success. */
async function untilAnsweredAgain(caller: Caller, count = 20): Promise<void> {
  const ok = () => caller.outcomes.filter((one) => one.kind === "answer" && one.status === 200).length;
  const enough = ok() + count;
  await until(() => ok() >= enough, { timeoutMs: 30_000, what: `${count} more answers` });
}

/** A change that needs every part: another model file is fetched, loaded and routed. */
async function changeGoesThrough(model: "iris" | "breast-cancer"): Promise<void> {
  const variants = [{ model: { uri: `file://${modelFile(model)}` } }];
  const manifest = {
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: { name: "changing" },
    spec: { variants },
  };
  await until(
    async () => (await platform.api("POST", "/apply", { manifest: JSON.stringify(manifest) })).status === 200,
    {
      timeoutMs: 30_000,
      everyMs: 100,
      what: "the change is accepted",
    },
  );
  await untilState(platform, "changing", isSettled, `runs ${model}`);
}

describe("while a part is killed, no request fails", () => {
  test.each(["scheduler", "agent-onnx-0", "console", "postgres"])(
    "kill -9 of the %s: requests go on, it comes back by itself, and changes go on",
    async (name) => {
      const caller = startCalling(iris());
      await untilAnsweredAgain(caller);
      const pid = platform.pidOf(name);
      platform.kill9(name);
      await untilReplaced(name, pid);
      await untilAnsweredAgain(caller);
      await changeGoesThrough(name === "scheduler" || name === "console" ? "iris" : "breast-cancer");
      expect(Object.keys(tally(await caller.stop()))).toEqual(["200"]);
    },
  );

  test("desired state is never lost: what was accepted before a kill -9 of Postgres is there after it", async () => {
    const { status, body } = await platform.api("POST", "/deployments/iris/scale", {
      replicas: 1,
      message: "before the fall",
    });
    expect(status).toBe(200);
    const pid = platform.pidOf("postgres");
    platform.kill9("postgres");
    await untilReplaced("postgres", pid);
    const after = await untilState(platform, "iris", isSettled, "is read again");
    expect(after.metadata).toMatchObject({ uid: expect.any(String) });
    expect(body).toMatchObject({ spec: after.spec });
  });
});

describe("a part on the way of a request", () => {
  test("kill -9 of the model server: clear errors at worst, never a hang, and it comes back with its models", async () => {
    const caller = startCalling(iris());
    await untilAnsweredAgain(caller);
    const pid = platform.pidOf("model-server-onnx-0");
    platform.kill9("model-server-onnx-0");
    await untilReplaced("model-server-onnx-0", pid);
    await untilAnsweredAgain(caller);
    const outcomes = await caller.stop();
    const kinds = Object.keys(tally(outcomes));
    expect(
      kinds.every((kind) => /^(200|502 |503 )/.test(kind)),
      kinds.join(", "),
    ).toBe(true);
  });

  test("kill -9 of the gateway: callers are cut off, never left hanging, and it serves again by its last table", async () => {
    const caller = startCalling(iris());
    await untilAnsweredAgain(caller);
    const pid = platform.pidOf("gateway");
    platform.kill9("gateway");
    await untilReplaced("gateway", pid);
    await untilAnsweredAgain(caller);
    const outcomes = await caller.stop();
    expect(outcomes.filter((one) => one.kind === "none" && one.cause === "timeout")).toEqual([]);
    const statuses = Object.keys(tally(outcomes)).filter((kind) => !kind.startsWith("none "));
    expect(
      statuses.every((kind) => /^(200|502 |503 )/.test(kind)),
      statuses.join(", "),
    ).toBe(true);
  });

  test("a gateway that starts while no scheduler runs serves by the table on its disk", async () => {
    platform.signal("scheduler", "SIGSTOP");
    try {
      const pid = platform.pidOf("gateway");
      platform.kill9("gateway");
      await untilReplaced("gateway", pid);
      await until(async () => (await callOnce(iris())).kind === "answer" && statusOf(await callOnce(iris())) === 200, {
        timeoutMs: 20_000,
        everyMs: 100,
        what: "the gateway serves without a scheduler",
      });
    } finally {
      platform.signal("scheduler", "SIGCONT");
    }
    await changeGoesThrough("iris");
  });
});

function statusOf(outcome: Awaited<ReturnType<typeof callOnce>>): number | null {
  return outcome.kind === "answer" ? outcome.status : null;
}
