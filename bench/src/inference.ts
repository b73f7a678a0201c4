import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startTestPlatform } from "@slipway/testkit";
import { report } from "./harness/report.ts";
import { hasWrk, type LoadResult, runWrk } from "./harness/wrk.ts";
import { startMlserver } from "./peers/mlserver/mlserver.ts";
import { freePorts, type Peer, startPeer } from "./peers/peer.ts";

/**
 * Iris, one row, JSON over HTTP: the ONNX model server alone and the whole path (gateway with token check and metrics)
 * against a bare node:http + onnxruntime server and against MLServer, all in one run on one machine.
 */
const ROOT = join(import.meta.dirname, "..", "..");
const IRIS = join(ROOT, "examples", "models", "iris");
const MODEL = join(IRIS, "model.onnx");
const SAMPLE = readFileSync(join(IRIS, "sample.json"), "utf8");
const SECONDS = 6;

type Subject = { url: string; headers?: Record<string, string>; stop: () => Promise<void> };
type Measured = { c1: LoadResult; c32: LoadResult };

async function measure(name: string, start: () => Promise<Subject | { missing: string }>): Promise<Measured | null> {
  const subject = await start();
  if ("missing" in subject) {
    process.stdout.write(`${name}: not measured (${subject.missing})\n`);
    return null;
  }
  try {
    const load = (connections: number, seconds: number) =>
      runWrk({ url: subject.url, body: SAMPLE, headers: subject.headers ?? {}, connections, seconds });
    await load(32, 2);
    const c1 = await load(1, SECONDS);
    const c32 = await load(32, SECONDS);
    for (const [label, run] of Object.entries({ c1, c32 })) {
      if (run.failed > 0) throw new Error(`${name} ${label}: ${run.failed} of ${run.requests} requests failed`);
      process.stdout.write(
        `${name} ${label}: ${Math.round(run.requestsPerSecond)} requests/s, p50 ${run.p50Ms} ms, p99 ${run.p99Ms} ms\n`,
      );
    }
    return { c1, c32 };
  } finally {
    await subject.stop();
  }
}

const asSubject = (peer: Peer, path: string): Subject => ({ url: `${peer.url}${path}`, stop: () => peer.stop() });

async function startBare(): Promise<Subject> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const peer = await startPeer({
    name: "bare",
    command: [process.execPath, join(import.meta.dirname, "peers", "bare-onnx-server.ts"), MODEL, String(port)],
    env: { ORT_DISABLE_TELEMETRY: "1" },
    url,
    ready: async () => (await fetch(url, { method: "POST", body: SAMPLE })).ok,
  });
  return asSubject(peer, "/");
}

async function startModelServer(): Promise<Subject> {
  const [http = 0, grpc = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${http}`;
  const peer = await startPeer({
    name: "model server",
    command: [process.execPath, join(ROOT, "apps", "model-server", "src", "main.ts")],
    env: { SLIPWAY_MODEL_SERVER_HTTP_PORT: String(http), SLIPWAY_MODEL_SERVER_GRPC_PORT: String(grpc) },
    url,
    ready: async () => (await fetch(`${url}/v2/health/ready`)).ok,
  });
  const load = await fetch(`${url}/v2/repository/models/iris/load`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ parameters: { version: "1", path: MODEL } }),
  });
  if (!load.ok) throw new Error(`the model server did not load iris: ${await load.text()}`);
  return asSubject(peer, "/v2/models/iris/infer");
}

async function startMlserverSubject(): Promise<Subject | { missing: string }> {
  const peer = await startMlserver(MODEL);
  return "missing" in peer ? peer : asSubject(peer, "/v2/models/iris/infer");
}

async function startWholePath(): Promise<Subject> {
  const platform = await startTestPlatform();
  await platform.deploy("iris", MODEL);
  const token = await platform.createToken("iris", "bench");
  return {
    url: `${platform.info.gatewayUrl}/serve/default/iris/v2/models/iris/infer`,
    headers: { authorization: `Bearer ${token}` },
    stop: () => platform.stop(),
  };
}

if (!hasWrk()) {
  process.stdout.write("wrk is not on PATH (Debian package wrk); nothing can be measured\n");
  process.exit(1);
}
const bareBefore = await measure("bare", startBare);
const server = await measure("model server", startModelServer);
const whole = await measure("whole path", startWholePath);
const mlserver = await measure("mlserver", startMlserverSubject);
const bareAfter = await measure("bare again", startBare);

/** The mean of the baseline before and after, so that a machine that slows down is noticed and shared out. */
const mean = (pick: (run: Measured) => number) => {
  const values = [bareBefore, bareAfter].flatMap((run) => (run === null ? [] : [pick(run)]));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
};
const ratio = (value: number | undefined, base: number | null | undefined) =>
  value === undefined || base === null || base === undefined ? null : value / base;

const bareC32 = mean((run) => run.c32.requestsPerSecond);
report(
  "inference",
  {
    bare_c32_rps: bareC32,
    model_server_c32_rps: server?.c32.requestsPerSecond ?? null,
    whole_path_c32_rps: whole?.c32.requestsPerSecond ?? null,
    mlserver_c32_rps: mlserver?.c32.requestsPerSecond ?? null,
    bare_drift: ratio(bareAfter?.c32.requestsPerSecond, bareBefore?.c32.requestsPerSecond),
    model_server_to_bare_c32: ratio(server?.c32.requestsPerSecond, bareC32),
    whole_path_to_mlserver_c32: ratio(whole?.c32.requestsPerSecond, mlserver?.c32.requestsPerSecond),
    whole_path_to_bare_p50_c1: ratio(
      whole?.c1.p50Ms,
      mean((run) => run.c1.p50Ms),
    ),
    model_server_p50_c1_ms: server?.c1.p50Ms ?? null,
    whole_path_p50_c1_ms: whole?.c1.p50Ms ?? null,
    whole_path_p99_c32_ms: whole?.c32.p99Ms ?? null,
  },
  [
    { metric: "model_server_to_bare_c32", atLeast: 0.8 },
    { metric: "whole_path_to_mlserver_c32", atLeast: 5 },
    { metric: "whole_path_to_bare_p50_c1", atMost: 3 },
  ],
);
