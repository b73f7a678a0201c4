import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeScheduler } from "@slipway/gateway/testing/fake-scheduler";
import { inferOverGrpc } from "@slipway/gateway/testing/infer-over-grpc";
import { field, fieldHead, RawGrpc } from "@slipway/gateway/testing/raw-grpc";
import { INTERNAL_SECRET, route, TOKEN_KEY, target, token } from "@slipway/gateway/testing/test-gateway";
import { Visibility } from "@slipway/rpc/control/router";
import { readProcessRecord } from "@slipway/service-kit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

const root = join(import.meta.dirname, "../../..");
const sample = readFileSync(join(root, "examples/models/iris/sample.json"), "utf8");
const golden = JSON.parse(readFileSync(join(root, "examples/models/iris/golden.json"), "utf8"));
const AUTHORIZED = { authorization: "Bearer slw_of_the_test", "content-type": "application/json" };
const WAIT = { timeout: 20_000, interval: 50 };

const directory = mkdtempSync(join(tmpdir(), "slipway-gateway-process-"));
const run = join(directory, "run");
const children = new Set<ChildProcess>();
const file = (name: string, text: string) => {
  writeFileSync(join(directory, name), text, { mode: 0o600 });
  return join(directory, name);
};
const shared = {
  SLIPWAY_INTERNAL_SECRET_FILE: file("secret", INTERNAL_SECRET),
  SLIPWAY_PROCESS_RECORD_DIR: run,
  SLIPWAY_LOG_LEVEL: "warn",
};

let scheduler: FakeScheduler;

function start(app: string, env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [join(root, "apps", app, "src/main.ts")], {
    env: { NODE_ENV: "test", ...shared, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  children.add(child);
  child.on("exit", () => children.delete(child));
  return child;
}

/** The addresses of a process as its record tells them. */
function addressesOf(name: string): Promise<Record<string, string>> {
  return vi.waitFor(() => {
    const record = readProcessRecord(run, name);
    if (record === null) throw new Error(`${name} has no record yet`);
    return record.addresses;
  }, WAIT);
}

function startModelServer(): ChildProcess {
  return start("model-server", { SLIPWAY_PROCESS_NAME: "model-server-onnx-0" });
}

function startGateway(): ChildProcess {
  return start("gateway", {
    SLIPWAY_PROCESS_NAME: "gateway",
    SLIPWAY_GATEWAY_PORT: "0",
    SLIPWAY_GATEWAY_GRPC_PORT: "0",
    SLIPWAY_GATEWAY_STATE_DIR: join(directory, "state"),
    SLIPWAY_TOKEN_KEY_FILE: file("token-key", TOKEN_KEY.toString("hex")),
    SLIPWAY_SCHEDULER_ADDRESSES: scheduler.address,
  });
}

/** Loads iris, as an agent would, and tells the gateway where it is, as a scheduler would. */
async function serveIris(): Promise<void> {
  const tokens = [token("tester", "slw_of_the_test")];
  await serve("iris", { modelUid: "uid-1", version: "private-1" }, { visibility: Visibility.PRIVATE, tokens });
}

/** Serves an example's model under its own name. */
async function serve(
  deployment: string,
  model: { modelUid: string; version: string },
  fields: Parameters<typeof route>[1],
): Promise<void> {
  const { http = "", grpc = "" } = await addressesOf("model-server-onnx-0");
  const path = join(root, `examples/models/${deployment}/model.onnx`);
  const loaded = await fetch(`${http}/v2/repository/models/${model.modelUid}/load`, {
    method: "POST",
    headers: { authorization: `Bearer ${INTERNAL_SECRET}`, "content-type": "application/json" },
    body: JSON.stringify({ parameters: { version: model.version, path, memory_bytes: 134_217_728 } }),
  });
  expect(loaded.status, await loaded.text()).toBe(200);
  const replica = { ...target(new URL(http).host, model), grpcAddress: grpc };
  scheduler.set(route([replica], { deployment, ...fields }));
}

async function base(): Promise<string> {
  const { http } = await addressesOf("gateway");
  return `${http}/serve/default/iris`;
}

beforeAll(async () => {
  scheduler = await new FakeScheduler({ secret: INTERNAL_SECRET }).start();
  startModelServer();
  startGateway();
  await serveIris();
  await vi.waitFor(async () => expect((await fetch(new URL("/health/ready", await base()))).status).toBe(200), WAIT);
});

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  scheduler.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe("the gateway process before the real model server", () => {
  test("answers an inference with the model's numbers under the deployment's name, only to a caller with a token", async () => {
    const url = `${await base()}/v2/models/iris/infer`;
    const response = await fetch(url, { method: "POST", headers: AUTHORIZED, body: sample });
    const answer = await response.json();
    expect([response.status, answer.model_name]).toEqual([200, "iris"]);
    for (const expected of golden.cases[0].outputs) {
      const output = answer.outputs.find(({ name }: { name: string }) => name === expected.name);
      expect(output.shape).toEqual(expected.shape);
      for (const [index, value] of expected.data.entries()) expect(output.data[index]).toBeCloseTo(value, 5);
    }
    expect((await fetch(url, { method: "POST", body: sample })).status).toBe(401);
  });

  test("serves a head just under its own limit, which is larger when it comes to the model server", async () => {
    const url = `${await base()}/v2/models/iris/infer`;
    const headers = { ...AUTHORIZED, "x-large": "x".repeat(15_900) };
    expect((await fetch(url, { method: "POST", headers, body: sample })).status).toBe(200);
    const larger = { ...AUTHORIZED, "x-large": "x".repeat(16_400) };
    const refused = await fetch(url, { method: "POST", headers: larger, body: sample });
    expect([refused.status, (await refused.json()).code]).toEqual([431, "request/headers_too_large"]);
  });

  test("answers metadata, readiness and a prediction of Seldon's first protocol", async () => {
    const get = async (path: string) => fetch(`${await base()}${path}`, { headers: AUTHORIZED });
    expect(await (await get("/v2/models/iris")).json()).toMatchObject({ name: "iris", inputs: [{ name: "input" }] });
    expect((await get("/v2/models/iris/ready")).status).toBe(200);
    const predicted = await fetch(`${await base()}/api/v1.0/predictions`, {
      method: "POST",
      headers: AUTHORIZED,
      body: '{"data":{"ndarray":[[5.1,3.5,1.4,0.2]]}}',
    });
    const { data, meta } = await predicted.json();
    expect(data.ndarray[0]).toHaveLength(3);
    expect(data.ndarray[0][0]).toBeCloseTo(golden.cases[0].outputs[1].data[0], 5);
    expect(meta.tags.label).toEqual([0]);
  });

  test("answers the same inference over gRPC", async () => {
    const { grpc = "" } = await addressesOf("gateway");
    const { authorization } = AUTHORIZED;
    const input = {
      name: "input",
      datatype: "FP32",
      shape: [1n, 4n],
      contents: { fp32Contents: [5.1, 3.5, 1.4, 0.2] },
    };
    const { response: answer, error } = await inferOverGrpc(
      grpc,
      { authorization, "slipway-deployment": "default/iris" },
      { modelName: "iris", inputs: [input] },
    );
    if (answer === undefined) throw error;
    expect(answer.modelName).toBe("iris");
    const scores = answer.outputs.find(({ name }) => name === "probabilities")?.contents?.fp32Contents ?? [];
    for (const [index, value] of golden.cases[0].outputs[1].data.entries()) expect(scores[index]).toBeCloseTo(value, 5);
  });

  test("never answers with another deployment's model, whatever bytes a gRPC caller sends", async () => {
    await serve("breast-cancer", { modelUid: "uid-2", version: "v2" }, { visibility: Visibility.PUBLIC });
    const { grpc = "" } = await addressesOf("gateway");
    const caller = new RawGrpc(grpc);
    const via = { "slipway-deployment": "default/breast-cancer" };
    const known = await vi.waitFor(async () => {
      const answer = await caller.call("ModelMetadata", via, Buffer.alloc(0));
      expect(answer.status).toBe("0");
      return answer.body;
    }, WAIT);

    // What private iris would answer: the input's name, the outputs' names, the version.
    const tensor = Buffer.concat([field(1, "input"), field(2, "FP32"), field(3, Buffer.from([1, 4]))]);
    const values = Buffer.from(Float32Array.of(5.1, 3.5, 1.4, 0.2).buffer);
    const toIris = Buffer.concat([field(1, "uid-1"), field(2, "private-1"), field(5, tensor), field(7, values)]);
    const random = seededRandom(7);
    const upTo = (limit: number) => Math.floor(random() * limit);
    const forgeries = Array.from({ length: 200 }, (_, index) => {
      const cut = toIris.subarray(0, toIris.length - (index % 3 === 0 ? upTo(toIris.length) : 0));
      const flipped = Buffer.from(cut);
      if (index % 4 === 0 && flipped.length > 0) flipped[upTo(flipped.length)] = upTo(256);
      const openEnd = index % 2 === 0 ? fieldHead(1 + upTo(20), index % 5 === 0 ? upTo(1 << 20) : upTo(100)) : [];
      const openGroup = index % 7 === 0 ? Buffer.from([(15 << 3) | 3]) : [];
      return Buffer.concat([flipped, Buffer.from(openEnd), Buffer.from(openGroup)]);
    });
    const lying = {
      ...via,
      "x-slipway-model": "uid-1",
      "x-slipway-version": "private-1",
      "x-slipway-served-name": "iris",
    };
    for (const method of ["ModelInfer", "ModelMetadata", "ModelReady"]) {
      for (const [index, message] of [toIris, ...forgeries].entries()) {
        const metadata = index % 2 === 0 ? via : lying;
        const { status, body } = await caller.call(method, metadata, message);
        expect(body.includes("iris") || body.includes("private-1"), message.toString("hex")).toBe(false);
        // Whatever was read of the message: metadata is that of the deployment that was called.
        if (method === "ModelMetadata" && status === "0") expect(body).toEqual(known);
        if (method === "ModelInfer") expect(status, message.toString("hex")).not.toBe("0");
      }
    }
    caller.close();
  });

  test("passes on the model's own words about a wrong tensor", async () => {
    const body = '{"inputs":[{"name":"nope","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}';
    const response = await fetch(`${await base()}/v2/models/iris/infer`, { method: "POST", headers: AUTHORIZED, body });
    expect(response.status).toBe(400);
    expect((await response.json()).code).toMatch(/^tensor\//);
  });

  test("gives every request a clear answer while the model server is killed and comes back elsewhere", async () => {
    const url = `${await base()}/v2/models/iris/infer`;
    const seen: number[] = [];
    let isOver = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const signal = AbortSignal.timeout(5_000);
        const response = await fetch(url, { method: "POST", headers: AUTHORIZED, body: sample, signal });
        if (response.status !== 200)
          expect((await response.json()).code).toMatch(/^gateway\/(no_replica|upstream_lost)$/);
        else await response.arrayBuffer();
        seen.push(response.status);
      }
    });
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(50), WAIT);
    const record = readProcessRecord(run, "model-server-onnx-0");
    if (record === null) throw new Error("the model server has no record");
    rmSync(join(run, "model-server-onnx-0.json"));
    process.kill(record.pid, "SIGKILL");
    await vi.waitFor(() => expect(seen).toContain(503), WAIT);
    startModelServer();
    await serveIris();
    await vi.waitFor(() => expect(seen.slice(-20).every((status) => status === 200)).toBe(true), WAIT);
    isOver = true;
    await Promise.all(load);
    expect(new Set(seen).difference(new Set([200, 502, 503]))).toEqual(new Set());
  }, 60_000);

  test("stops cleanly at SIGTERM and takes its record away", async () => {
    const record = readProcessRecord(run, "gateway");
    const child = [...children].find(({ pid }) => pid === record?.pid);
    if (child === undefined) throw new Error("the gateway does not run");
    const exited = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
    expect(readProcessRecord(run, "gateway")).toBeNull();
  });
});

/** The same numbers from 0 to 1 at every run (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
