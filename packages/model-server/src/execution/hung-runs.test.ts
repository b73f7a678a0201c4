import { readdirSync, readFileSync } from "node:fs";
import { createInferenceClient, type InferenceClient } from "@slipway/inference";
import { countingModel, loopingModel, roomyModel } from "@slipway/onnx-file/testing/models";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examplePath, readSample } from "../testing/example-models.ts";
import { createGrpcClient } from "../testing/grpc-client.ts";
import { type ModelServerProcess, startModelServerProcess } from "../testing/model-server-process.ts";
import { temporaryFolder, writeModel } from "../testing/temporary-model.ts";

const folder = temporaryFolder();
/** So many turns that no machine comes to their end within a test. */
const ENDLESS = 4_000_000_000_000;
/** Turns of a loop that take a run some tens of milliseconds. */
const SLOW_TRIPS = 20_000n;

let server: ModelServerProcess;
let client: InferenceClient;
const path = (name: string, bytes: Buffer) => writeModel(folder.path, name, bytes);

beforeAll(async () => {
  server = await startModelServerProcess({ SLIPWAY_MODEL_SERVER_WORKERS: "1" });
  client = createInferenceClient({ baseUrl: server.baseUrl });
  await client.load("iris", { path: examplePath("iris") });
  await client.load("neighbour", { path: path("neighbour", loopingModel(SLOW_TRIPS)) });
});
afterAll(async () => {
  await server.stop();
  folder[Symbol.dispose]();
});

const row = (datatype: string, shape: number[], data: number[]) =>
  JSON.stringify({ inputs: [{ name: "x", datatype, shape, data }] });

/** Asks a model that counts to `to`; its answer comes after as many turns. */
async function count(name: string, to: number, options: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  const headers = options.timeoutMs === undefined ? {} : { "x-slipway-timeout-ms": String(options.timeoutMs) };
  const { signal } = options;
  const response = await fetch(`${server.baseUrl}/v2/models/${name}/infer`, {
    method: "POST",
    body: row("INT64", [], [to]),
    headers,
    ...(signal === undefined ? {} : { signal }),
  });
  const body = JSON.parse(await response.text());
  return { status: response.status, code: body.code, data: body.outputs?.[0]?.data };
}

/** The neighbours, one in line and one that shares the runners, answer right until the work is done. */
async function neighboursAnswerUntil(work: Promise<unknown>): Promise<number> {
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  let answers = 0;
  while (!isDone || answers === 0) {
    const slow = await client.inferRaw("neighbour", row("FP32", [1, 2], [1, 2]));
    expect({ status: slow.status, data: JSON.parse(slow.body).outputs?.[0]?.data }).toEqual({
      status: 200,
      data: [Number(SLOW_TRIPS) + 1, 2 * (Number(SLOW_TRIPS) + 1)],
    });
    expect((await client.inferRaw("iris", readSample("iris"))).status).toBe(200);
    answers += 1;
  }
  await work;
  return answers;
}

/** Looks now and then, since what is waited for needs the processor too. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A run that does not end has begun: its model's runner was free, and nothing else is under way. */
async function beginEndless(name: string, signal: AbortSignal): Promise<Promise<unknown>[]> {
  expect(await count(name, 3)).toMatchObject({ status: 200, data: [3] });
  const answer = count(name, ENDLESS, { signal }).catch(() => null);
  await until(async () => (await metric("slipway_model_server_in_flight")) > 0);
  return [answer];
}

async function metric(name: string, label = ""): Promise<number> {
  const text = await (await fetch(`${server.baseUrl}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(name) && each.includes(label));
  return Number(line?.slice(line.lastIndexOf(" ") + 1) ?? 0);
}
const runsEnded = () => metric("slipway_model_server_runs_ended_total");
const entryOf = async (name: string) => (await client.index()).find((entry) => entry.name === name);

describe("a run that does not end", { timeout: 60_000 }, () => {
  test("is ended with its process within two seconds of its deadline, by REST and gRPC, and neighbours answer all along", async () => {
    await client.load("endless", { path: path("endless", countingModel()) });
    const before = await runsEnded();
    const byRest = count("endless", ENDLESS, { timeoutMs: 300 });
    await neighboursAnswerUntil(byRest.then(() => until(async () => (await runsEnded()) === before + 1)));
    expect(await byRest).toMatchObject({ status: 504, code: "model/timeout" });
    expect(await count("endless", 7)).toMatchObject({ status: 200, data: [7] });
    const grpc = createGrpcClient(server.grpcAddress, { "x-slipway-timeout-ms": "300" });
    const data = BigInt64Array.of(BigInt(ENDLESS));
    const inputs = [{ name: "x", datatype: "INT64" as const, shape: [], data }];
    const byGrpc = grpc.infer("endless", { id: undefined, inputs, outputs: null }, "raw");
    await expect(byGrpc).rejects.toMatchObject({ code: 4 });
    grpc.close();
    await neighboursAnswerUntil(until(async () => (await runsEnded()) === before + 2));
    expect(await count("endless", 9)).toMatchObject({ status: 200, data: [9] });
    await client.unload("endless");
  });

  test("is ended when its caller leaves, and is not held against its model", async () => {
    await client.load("left", { path: path("left", countingModel()) });
    for (const _ of [1, 2, 3]) {
      const before = await runsEnded();
      const leaving = new AbortController();
      const [answer] = await beginEndless("left", leaving.signal);
      leaving.abort();
      await answer;
      await until(async () => (await runsEnded()) === before + 1);
    }
    expect(await count("left", 3)).toMatchObject({ status: 200, data: [3] });
    expect(await entryOf("left")).toMatchObject({ state: "READY" });
    await client.unload("left");
  });

  test("for the third time quarantines its model with the cause; neighbours serve on, and a new load gives another chance", async () => {
    await client.load("hung", { path: path("hung", countingModel()) });
    const thrice = (async () => {
      for (const _ of [1, 2, 3]) {
        const before = await runsEnded();
        expect(await count("hung", 2)).toMatchObject({ status: 200 });
        expect(await count("hung", ENDLESS, { timeoutMs: 1_500 })).toMatchObject({ code: "model/timeout" });
        await until(async () => (await runsEnded()) === before + 1);
      }
    })();
    await neighboursAnswerUntil(thrice);
    expect(await count("hung", 1)).toMatchObject({ status: 503, code: "model/hung" });
    expect((await fetch(`${server.baseUrl}/v2/models/hung/ready`)).status).toBe(503);
    expect(await entryOf("hung")).toMatchObject({ state: "UNAVAILABLE", code: "model/hung", data: { runs: 3 } });
    expect(await entryOf("neighbour")).toMatchObject({ state: "READY" });
    await client.load("hung", { path: path("hung", countingModel()) });
    expect(await count("hung", 4)).toMatchObject({ status: 200, data: [4] });
    await client.unload("hung");
  });

  test("does not keep its model from being unloaded once its caller has left", async () => {
    await client.load("going", { path: path("going", countingModel()) });
    const leaving = new AbortController();
    const [answer] = await beginEndless("going", leaving.signal);
    const unloaded = client.unload("going");
    leaving.abort();
    await answer;
    await neighboursAnswerUntil(unloaded);
    expect(await entryOf("going")).toBeUndefined();
  });

  test("of two models at once leaves the neighbours a runner", async () => {
    for (const name of ["one", "other"]) await client.load(name, { path: path(name, countingModel()) });
    const both = Promise.all(["one", "other"].map((name) => count(name, ENDLESS, { timeoutMs: 4_000 })));
    await neighboursAnswerUntil(both);
    for (const answer of await both) expect(answer).toMatchObject({ code: "model/timeout" });
    for (const name of ["one", "other"]) await client.unload(name);
  });
});

test("requests whose callers left before their turn are never run", { timeout: 60_000 }, async () => {
  await client.load("flooded", { path: path("flooded", countingModel()) });
  const leaving = new AbortController();
  const runs = () => metric("slipway_model_server_run_seconds_count", 'place="worker"');
  const before = await runs();
  const flood = Array.from({ length: 100 }, () =>
    count("flooded", 2_000_000, { signal: leaving.signal }).catch(() => 0),
  );
  await until(async () => (await metric("slipway_model_server_in_flight")) === 100);
  leaving.abort();
  await Promise.all(flood);
  expect(await count("flooded", 5)).toMatchObject({ status: 200, data: [5] });
  expect((await runs()) - before).toBeLessThan(5);
  await client.unload("flooded");
});

test("memory that a run took because its input said so comes back after the run", { timeout: 60_000 }, async () => {
  await client.load("roomy", { path: path("roomy", roomyModel()) });
  const ask = async (elements: number) => {
    const { status, body } = await client.inferRaw("roomy", row("INT64", [1], [elements]));
    expect({ status, data: JSON.parse(body).outputs?.[0]?.data }).toEqual({ status: 200, data: [elements] });
  };
  await ask(1);
  const before = childrenOf(server.pid).map((pid) => ({ pid, bytes: residentBytesOf(pid) }));
  await ask(64 * 2 ** 20);
  for (const { pid, bytes } of before) expect(residentBytesOf(pid) - bytes).toBeLessThan(64 * 2 ** 20);
  await client.unload("roomy");
});

test("runners end with the server that they work for, also from the middle of a run", { timeout: 60_000 }, async () => {
  const doomed = await startModelServerProcess();
  const doomedClient = createInferenceClient({ baseUrl: doomed.baseUrl });
  await doomedClient.load("endless", { path: path("endless", countingModel()) });
  const answer = doomedClient.inferRaw("endless", row("INT64", [], [ENDLESS])).catch(() => null);
  const runners = () => childrenOf(doomed.pid);
  await until(async () => {
    const text = await (await fetch(`${doomed.baseUrl}/metrics`)).text();
    return / 1$/.test(text.split("\n").find((line) => line.startsWith("slipway_model_server_in_flight{")) ?? "");
  });
  const before = runners();
  expect(before.length).toBeGreaterThan(0);
  process.kill(doomed.pid, "SIGKILL");
  await answer;
  await until(() => before.every((pid) => !readdirSync("/proc").includes(String(pid)) || isDead(pid)));
});

function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid)
    .map(Number);
}
function parentOf(pid: number): number | null {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return null;
  }
}
function residentBytesOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
function isDead(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return true;
  }
}
