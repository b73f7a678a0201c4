import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeScheduler } from "@slipway/gateway/testing/fake-scheduler";
import { inferOverGrpc } from "@slipway/gateway/testing/infer-over-grpc";
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
  const { http = "", grpc = "" } = await addressesOf("model-server-onnx-0");
  const path = join(root, "examples/models/iris/model.onnx");
  const loaded = await fetch(`${http}/v2/repository/models/uid-1/load`, {
    method: "POST",
    headers: { authorization: `Bearer ${INTERNAL_SECRET}`, "content-type": "application/json" },
    body: JSON.stringify({ parameters: { version: "v1", path, memory_bytes: 134_217_728 } }),
  });
  expect(loaded.status, await loaded.text()).toBe(200);
  const tokens = [token("tester", "slw_of_the_test")];
  const replica = { ...target(new URL(http).host), grpcAddress: grpc };
  scheduler.set(route([replica], { visibility: Visibility.PRIVATE, tokens }));
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
  });

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
