import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInferenceClient, type InferRequest } from "@slipway/inference";
import { crashingModel, endlessModel, loopingModel } from "@slipway/onnx-file/testing/models";
import { readProcessRecord } from "@slipway/service-kit";
import { expect, test } from "vitest";
import { examplePath, readSample } from "./testing/example-models.ts";
import { createGrpcClient } from "./testing/grpc-client.ts";
import { startModelServerProcess } from "./testing/model-server-process.ts";
import { temporaryFolder, writeModel } from "./testing/temporary-model.ts";
import { until } from "./testing/until.ts";

/** Loop turns that make a run take long enough to be seen in flight. */
const SLOW_TRIPS = 20_000n;
const SECRET = "a-secret-of-the-platform";
const ROW: InferRequest = {
  id: undefined,
  inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: Float32Array.of(1, 1) }],
  outputs: null,
};

test("with a secret every call but health and metrics needs it, by REST and by gRPC", async () => {
  using own = temporaryFolder();
  const file = join(own.path, "secret");
  writeFileSync(file, `${SECRET}\n`);
  const guarded = await startModelServerProcess({ SLIPWAY_INTERNAL_SECRET_FILE: file });
  try {
    const status = async (path: string, authorization?: string) =>
      (await fetch(`${guarded.baseUrl}${path}`, authorization === undefined ? {} : { headers: { authorization } }))
        .status;
    expect(
      await Promise.all(
        ["/health/live", "/health/ready", "/v2/health/live", "/v2/health/ready", "/metrics"].map((path) =>
          status(path),
        ),
      ),
    ).toEqual([200, 200, 200, 200, 200]);
    expect(await status("/v2")).toBe(401);
    expect(await status("/v2", "Bearer wrong")).toBe(401);
    expect(await status("/v2", `Bearer ${SECRET}`)).toBe(200);
    const strangerClient = createGrpcClient(guarded.grpcAddress);
    const known = createGrpcClient(guarded.grpcAddress, { authorization: `Bearer ${SECRET}` });
    await expect(strangerClient.call(strangerClient.methods.serverMetadata, {})).rejects.toMatchObject({ code: 16 });
    expect((await known.call(known.methods.serverMetadata, {})).name).toBe("slipway-onnx");
    expect((await strangerClient.call(strangerClient.methods.serverLive, {})).live).toBe(true);
    strangerClient.close();
    known.close();
  } finally {
    await guarded.stop();
  }
});

test("a model that crashes the runtime while it loads is refused with its cause, and nobody else notices", {
  timeout: 60_000,
}, async () => {
  using own = temporaryFolder();
  const server = await startModelServerProcess();
  const client = createInferenceClient({ baseUrl: server.baseUrl });
  await client.load("iris", { path: examplePath("iris") });
  const path = writeModel(own.path, "killer", crashingModel());
  const load = client.load("killer", { version: "3", path });
  await expect(load).rejects.toMatchObject({ status: 500, code: "model/crashed", data: { detail: "SIGSEGV" } });
  expect((await client.inferRaw("iris", readSample("iris"))).status).toBe(200);
  await server.stop();
  expect(await server.ended).toEqual({ code: 0, signal: null });
});

test("a load that hangs keeps no other from loading, ends when its caller leaves, and does not keep SIGTERM from ending the process", {
  timeout: 60_000,
}, async () => {
  using own = temporaryFolder();
  const hanging = await startModelServerProcess();
  const client = createInferenceClient({ baseUrl: hanging.baseUrl });
  const path = writeModel(own.path, "endless", endlessModel());
  const stateOf = async (name: string) => (await client.index()).find((entry) => entry.name === name)?.state;
  const givenUp = new AbortController();
  const load = client.load("endless", { version: "2", path }, givenUp.signal);
  await until(async () => (await stateOf("endless")) === "LOADING");
  await client.load("iris", { path: examplePath("iris") });
  expect((await client.inferRaw("iris", readSample("iris"))).status).toBe(200);
  givenUp.abort();
  await expect(load).rejects.toThrow();
  await until(async () => (await stateOf("endless")) === undefined);
  const again = client.load("endless", { version: "2", path });
  await until(async () => (await stateOf("endless")) === "LOADING");
  await Promise.all([expect(again).rejects.toThrow(), hanging.stop()]);
  expect(await hanging.ended).toEqual({ code: 0, signal: null });
});

test("SIGTERM lets a request in flight finish, removes the record and ends with 0", async () => {
  using own = temporaryFolder();
  const record = { SLIPWAY_PROCESS_RECORD_DIR: own.path, SLIPWAY_PROCESS_NAME: "model-server-onnx-0" };
  const leaving = await startModelServerProcess(record);
  const leavingClient = createInferenceClient({ baseUrl: leaving.baseUrl });
  await until(() => existsSync(join(own.path, "model-server-onnx-0.json")));
  expect(readProcessRecord(own.path, "model-server-onnx-0")).toMatchObject({
    pid: leaving.pid,
    addresses: { http: leaving.baseUrl, grpc: leaving.grpcAddress },
  });
  await leavingClient.load("slow", { path: writeModel(own.path, "slow", loopingModel(SLOW_TRIPS)) });
  const answer = leavingClient.infer("slow", ROW);
  await until(async () => (await inFlight(leaving.baseUrl)) > 0);
  await leaving.stop();
  expect((await answer).outputs).toHaveLength(1);
  expect((await leaving.ended).code).toBe(0);
  expect(readProcessRecord(own.path, "model-server-onnx-0")).toBeNull();
});

async function inFlight(baseUrl: string): Promise<number> {
  const text = await (await fetch(`${baseUrl}/metrics`)).text();
  return Number(/^slipway_model_server_in_flight\S* (\d+)$/m.exec(text)?.[1] ?? 0);
}
