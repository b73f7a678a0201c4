import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { FakeScheduler } from "@slipway/gateway/testing/fake-scheduler";
import { INTERNAL_SECRET, route, TOKEN_KEY, target, token } from "@slipway/gateway/testing/test-gateway";
import { Visibility } from "@slipway/rpc/control/router";
import { cpuSeconds } from "./harness/cpu-time.ts";
import { report } from "./harness/report.ts";
import { hasWrk, type LoadResult, runWrk } from "./harness/wrk.ts";
import { startEnvoy } from "./peers/envoy.ts";
import { startNginx } from "./peers/nginx.ts";
import { freePorts, type Peer, startPeer } from "./peers/peer.ts";

/**
 * The gateway (token check, limits, metrics) against nginx and Envoy as plain proxies, all before one synthetic
 * upstream, the proxy alone on one core. What is compared is requests per second of CPU time: on a small machine the
 * load and the upstream, not the proxy, may bound what passes.
 */
const ROOT = join(import.meta.dirname, "..", "..");
const TURNS = 5;
const TURN_SECONDS = 2;
const WARM_UP_SECONDS = 3;
const BODY = '{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}';
const PATH = "/serve/default/iris/v2/models/iris/infer";
const TOKEN = "slw_token_of_the_bench";
/** The proxy has the last core for itself; load and upstream share the others. */
const PROXY_CORE = String(availableParallelism() - 1);
const OTHER_CORES = availableParallelism() > 1 ? `0-${availableParallelism() - 2}` : "0";

type Subject = { name: string; peer: Peer; c1P50Ms: number; rounds: { load: LoadResult; cpuMicroseconds: number }[] };
type Measured = { c1P50Ms: number; c32: LoadResult; cpuMicroseconds: number };

async function subject(name: string, start: () => Promise<Peer | { missing: string }>): Promise<Subject | null> {
  const peer = await start();
  if (!("missing" in peer)) return { name, peer, c1P50Ms: Number.POSITIVE_INFINITY, rounds: [] };
  process.stdout.write(`${name}: not measured (${peer.missing})\n`);
  return null;
}

async function load({ name, peer }: Subject, connections: number, seconds: number): Promise<LoadResult> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const result = await runWrk({
    url: `${peer.url}${PATH}`,
    body: BODY,
    headers,
    connections,
    seconds,
    cores: OTHER_CORES,
  });
  if (result.failed > 0) throw new Error(`${name}: ${result.failed} of ${result.requests} requests failed`);
  return result;
}

/** One turn of one subject; all have their turns one after another, so that a busy minute of the machine hits all. */
async function turn(subject: Subject): Promise<void> {
  const { c1P50Ms, peer } = subject;
  subject.c1P50Ms = Math.min(c1P50Ms, (await load(subject, 1, TURN_SECONDS)).p50Ms);
  const before = cpuSeconds(peer.pid);
  const result = await load(subject, 32, TURN_SECONDS);
  const cpuMicroseconds = ((cpuSeconds(peer.pid) - before) / result.requests) * 1e6;
  subject.rounds.push({ load: result, cpuMicroseconds });
}

/** The turn with the least CPU a request: whatever else the machine does can only add to it. */
function best(subject: Subject | null): Measured | null {
  const [round] = subject?.rounds.toSorted((one, other) => one.cpuMicroseconds - other.cpuMicroseconds) ?? [];
  if (subject === null || round === undefined) return null;
  const { load: c32, cpuMicroseconds } = round;
  const all = subject.rounds.map((each) => each.cpuMicroseconds.toFixed(1)).join(", ");
  process.stdout.write(
    `${subject.name}: ${Math.round(c32.requestsPerSecond)} requests/s at c = 32 (p50 ${c32.p50Ms} ms, p99 ${c32.p99Ms} ms), ` +
      `µs CPU a request: ${all}; c = 1: p50 ${subject.c1P50Ms} ms\n`,
  );
  return { c1P50Ms: subject.c1P50Ms, c32, cpuMicroseconds };
}

async function startUpstream(): Promise<Peer & { port: number }> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const peer = await startPeer({
    name: "upstream",
    command: [process.execPath, join(import.meta.dirname, "peers", "fixed-upstream.ts"), String(port)],
    url,
    cores: OTHER_CORES,
    ready: async () => (await fetch(url)).ok,
  });
  return { ...peer, port };
}

async function startGateway(upstreamPort: number): Promise<Peer> {
  const scheduler = await new FakeScheduler({ secret: INTERNAL_SECRET }).start();
  scheduler.set(
    route([target(`127.0.0.1:${upstreamPort}`)], {
      visibility: Visibility.PRIVATE,
      tokens: [token("bench", TOKEN)],
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-gateway-"));
  writeFileSync(join(folder, "token-key"), TOKEN_KEY.toString("hex"));
  writeFileSync(join(folder, "secret"), INTERNAL_SECRET);
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const profile = process.argv.includes("--cpu-prof") ? ["--cpu-prof", "--cpu-prof-dir", tmpdir()] : [];
  return startPeer({
    name: "gateway",
    command: [process.execPath, ...profile, join(ROOT, "apps", "gateway", "src", "main.ts")],
    env: {
      SLIPWAY_GATEWAY_PORT: String(port),
      SLIPWAY_GATEWAY_STATE_DIR: join(folder, "state"),
      SLIPWAY_TOKEN_KEY_FILE: join(folder, "token-key"),
      SLIPWAY_INTERNAL_SECRET_FILE: join(folder, "secret"),
      SLIPWAY_SCHEDULER_ADDRESSES: scheduler.address,
      SLIPWAY_LOG_LEVEL: "warn",
    },
    url,
    cores: PROXY_CORE,
    ready: async () => (await fetch(`${url}/health/ready`)).ok,
    cleanUp: () => {
      scheduler.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

if (!hasWrk()) {
  process.stdout.write("wrk is not on PATH (Debian package wrk); nothing can be measured\n");
  process.exit(1);
}
const upstream = await startUpstream();
const subjects: Subject[] = [];
try {
  const add = async (name: string, start: () => Promise<Peer | { missing: string }>) => {
    const added = await subject(name, start);
    if (added !== null) subjects.push(added);
    return added;
  };
  const all = {
    direct: await add("no proxy", async () => upstream),
    nginx: await add("nginx", () => startNginx(upstream.port, PROXY_CORE)),
    gateway: await add("gateway", () => startGateway(upstream.port)),
    envoy: await add("envoy", () => startEnvoy(upstream.port, PROXY_CORE)),
  };
  for (const each of subjects) await load(each, 32, WARM_UP_SECONDS);
  for (let round = 0; round < TURNS; round += 1) for (const each of subjects) await turn(each);
  const direct = best(all.direct);
  const nginx = best(all.nginx);
  const gateway = best(all.gateway);
  const envoy = best(all.envoy);
  const perCore = (run: Measured | null) => (run === null ? null : 1e6 / run.cpuMicroseconds);
  const ratio = (a: number | null, b: number | null) => (a === null || b === null ? null : a / b);
  report(
    "gateway",
    {
      gateway_cpu_us: gateway?.cpuMicroseconds ?? null,
      nginx_cpu_us: nginx?.cpuMicroseconds ?? null,
      envoy_cpu_us: envoy?.cpuMicroseconds ?? null,
      gateway_rps_per_core: perCore(gateway),
      nginx_rps_per_core: perCore(nginx),
      envoy_rps_per_core: perCore(envoy),
      gateway_c32_rps: gateway?.c32.requestsPerSecond ?? null,
      nginx_c32_rps: nginx?.c32.requestsPerSecond ?? null,
      envoy_c32_rps: envoy?.c32.requestsPerSecond ?? null,
      gateway_c32_p99_ms: gateway?.c32.p99Ms ?? null,
      gateway_to_nginx: ratio(perCore(gateway), perCore(nginx)),
      gateway_to_envoy: ratio(perCore(gateway), perCore(envoy)),
      added_p50_ms: gateway === null || direct === null ? null : gateway.c1P50Ms - direct.c1P50Ms,
    },
    [
      { metric: "gateway_to_nginx", atLeast: 0.4 },
      { metric: "gateway_to_envoy", atLeast: 0.6 },
      { metric: "added_p50_ms", atMost: 1 },
    ],
  );
} finally {
  for (const { peer } of subjects) await peer.stop();
}
