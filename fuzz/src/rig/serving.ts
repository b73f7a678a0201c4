import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { FakeScheduler } from "@slipway/gateway/testing/fake-scheduler";
import { INTERNAL_SECRET, TOKEN_KEY, token } from "@slipway/gateway/testing/test-gateway";
import { type ModelServerProcess, startModelServerProcess } from "@slipway/model-server/testing/model-server-process";
import { scalingModel } from "@slipway/onnx-file/testing/models";
import { ModelKeySchema, ReplicaKeySchema } from "@slipway/rpc/control/common";
import { type Route, RouteSchema, TargetSchema, Visibility } from "@slipway/rpc/control/router";
import { readProcessRecord } from "@slipway/service-kit";
import { until } from "@slipway/testkit";
import { type Call, type Neighbour, watchNeighbour } from "./neighbour.ts";
import { sharedRig } from "./shared-rig.ts";

/** A deployment whose answers tell which model gave them: `y = factor * x`. */
export type Served = { deployment: string; uid: string; version: string; factor: number; isPublic: boolean };

/** The one that is fuzzed. */
export const PUBLIC: Served = served("pub", "a", 2, true);
/** The one that nobody here may reach. */
export const PRIVATE: Served = served("priv", "b", 7, false);
/** The one that must answer all the while. */
export const NEIGHBOUR: Served = served("near", "c", 5, true);
const ALL = [PUBLIC, PRIVATE, NEIGHBOUR];

function served(deployment: string, letter: string, factor: number, isPublic: boolean): Served {
  const uid = `${letter.repeat(8)}-0000-7000-8000-${letter.repeat(12)}`;
  return { deployment, uid, version: letter.repeat(16), factor, isPublic };
}

/** A gateway and a model server as `npm start` runs them, with three deployments on the one server. */
export type Serving = {
  httpAddress: string;
  grpcAddress: string;
  pids: readonly number[];
  neighbour: Neighbour;
  close(): Promise<void>;
};

const GATEWAY = fileURLToPath(new URL("../../../apps/gateway/src/main.ts", import.meta.url));
const START_MS = 30_000;

/** Starts both; `close` ends them. */
export async function startServing(): Promise<Serving> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-fuzz-"));
  const cleanUps: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (let next = cleanUps.pop(); next !== undefined; next = cleanUps.pop()) await next();
  };
  try {
    const secret = join(folder, "secret");
    writeFileSync(secret, INTERNAL_SECRET);
    const models = await startModelServerProcess({ SLIPWAY_INTERNAL_SECRET_FILE: secret, SLIPWAY_LOG_LEVEL: "info" });
    cleanUps.push(() => models.stop());
    for (const one of ALL) await load(models, folder, one);
    const scheduler = await new FakeScheduler({ secret: INTERNAL_SECRET }).start();
    cleanUps.push(() => scheduler.stop());
    scheduler.set(...ALL.map((one) => routeOf(one, models)));
    const gateway = await startGateway(folder, secret, scheduler.address);
    cleanUps.push(() => endProcess(gateway.child));
    const neighbour = await watchNeighbour(callOf(gateway.http, NEIGHBOUR));
    cleanUps.push(() => neighbour.stop());
    return {
      httpAddress: gateway.http,
      grpcAddress: gateway.grpc,
      pids: [models.pid, gateway.child.pid ?? 0],
      neighbour,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function callOf(httpAddress: string, { deployment, version, factor }: Served): Call {
  return {
    url: `http://${httpAddress}/serve/default/${deployment}/v2/models/${deployment}/infer`,
    method: "POST",
    body: JSON.stringify({ inputs: [{ name: "x", shape: [1, 2], datatype: "FP32", data: [1, 3] }] }),
    expected: [`"model_version":"${version}"`, `"data":[${factor},${3 * factor}]`],
  };
}

async function load(models: ModelServerProcess, folder: string, { uid, version, factor }: Served): Promise<void> {
  const path = join(folder, `${uid}.onnx`);
  writeFileSync(path, scalingModel(factor));
  const response = await fetch(`${models.baseUrl}/v2/repository/models/${uid}/load`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${INTERNAL_SECRET}` },
    body: JSON.stringify({ parameters: { version, path } }),
  });
  if (!response.ok) throw new Error(`the model server did not load ${uid}: ${await response.text()}`);
}

function routeOf({ deployment, uid, version, isPublic }: Served, models: ModelServerProcess): Route {
  const target = create(TargetSchema, {
    model: create(ModelKeySchema, { modelUid: uid, version }),
    replica: create(ReplicaKeySchema, { group: "platform", server: "onnx", replica: 0 }),
    httpAddress: new URL(models.baseUrl).host,
    grpcAddress: models.grpcAddress,
  });
  return create(RouteSchema, {
    key: `default/${deployment}`,
    group: "default",
    deployment,
    deploymentUid: `uid-of-${deployment}`,
    running: true,
    visibility: isPublic ? Visibility.PUBLIC : Visibility.PRIVATE,
    tokens: isPublic ? [] : [token("owner", "slw_of_the_owner")],
    timeoutMs: 10_000n,
    bodySizeBytes: 4_000_000n,
    inFlightPerReplica: 64,
    targets: [target],
  });
}

async function startGateway(folder: string, secret: string, scheduler: string) {
  const keyFile = join(folder, "token-key");
  writeFileSync(keyFile, TOKEN_KEY.toString("hex"));
  const child = spawn(process.execPath, [GATEWAY], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      NODE_ENV: "production",
      SLIPWAY_GATEWAY_PORT: "0",
      SLIPWAY_GATEWAY_GRPC_PORT: "0",
      SLIPWAY_GATEWAY_STATE_DIR: join(folder, "state"),
      SLIPWAY_TOKEN_KEY_FILE: keyFile,
      SLIPWAY_INTERNAL_SECRET_FILE: secret,
      SLIPWAY_SCHEDULER_ADDRESSES: scheduler,
      SLIPWAY_PROCESS_RECORD_DIR: join(folder, "processes"),
      SLIPWAY_LOG_LEVEL: "warn",
    },
  });
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
    const addresses = readProcessRecord(join(folder, "processes"), "gateway")?.addresses;
    if (addresses?.http === undefined || addresses.grpc === undefined) return null;
    if (!(await fetch(`${addresses.http}/health/ready`)).ok) return null;
    return { http: new URL(addresses.http).host, grpc: addresses.grpc };
  };
  const addresses = await until(isReady, { timeoutMs: START_MS, everyMs: 30, what: "the gateway is ready" });
  return { child, ...addresses };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** The same for all areas that are open at once. */
export const holdServing = sharedRig(startServing);
