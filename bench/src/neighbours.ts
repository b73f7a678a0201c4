import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { countingModel, identityModel, loopingModel } from "@slipway/onnx-file/testing/models";
import { systemClock } from "@slipway/service-kit";
import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
import * as z from "zod";
import { report, table } from "./harness/report.ts";
import { callOnce, type Measured, measureCalls, type Neighbour } from "./neighbours/measure-calls.ts";

/**
 * What a fault of one deployment costs the others on the same model server and gateway: their latency and failed calls
 * while one model hangs, is flooded, is left by its callers, moves large JSON, has bodies held open, or loads slowly,
 * against the seconds just before. `npm run bench -- neighbours hung,flooded` runs only those.
 */
const ROOT = join(import.meta.dirname, "..", "..");
const IRIS = join(ROOT, "examples", "models", "iris");
const FAULT = join(import.meta.dirname, "neighbours", "make-fault.ts");
const ALONE_MS = 4_000;
const FAULT_MS = 8_000;
const RECOVERY_MS = 45_000;
/** p99 of the others at most this many times what it was. */
const RATIO = 2;

const CASES = ["hung", "flooded", "abandoned", "large", "held", "slow-load"] as const;
type Case = (typeof CASES)[number];
type Outcome = { name: Case; alone: Measured; beside: Measured; recoveredMs: number; toldMs: number | null };

const counting = (count: string) => `{"inputs":[{"name":"x","shape":[],"datatype":"INT64","data":[${count}]}]}`;
const SAMPLE = readFileSync(join(IRIS, "sample.json"), "utf8");

/** What is sent to the deployment that is at fault; a loop of this many turns runs for years, or some tenths of a second. */
const BODIES: Record<Exclude<Case, "slow-load">, string> = {
  hung: counting("9223372036854775807"),
  flooded: SAMPLE,
  abandoned: counting("300000"),
  /** Two million numbers, which the program of the fault writes itself. */
  large: "",
  held: SAMPLE,
};

const folder = mkdtempSync(join(tmpdir(), "slipway-neighbours-"));
const file = (name: string, bytes: Buffer) => {
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, bytes);
  return path;
};

async function deploy(platform: TestPlatform, name: string, path: string): Promise<void> {
  const spec = { variants: [{ model: { uri: pathToFileURL(path).href } }], access: { visibility: "public" } };
  const manifest = JSON.stringify({ apiVersion: "slipway.dev/v1", kind: "Deployment", metadata: { name }, spec });
  const { status, body } = await platform.api("POST", "/apply", { manifest });
  if (status !== 200) throw new Error(`${name} was refused: ${JSON.stringify(body)}`);
}

const view = z.object({ status: z.object({ lifecycle: z.string(), health: z.string(), message: z.string() }) });

async function statusOf(platform: TestPlatform, name: string) {
  return view.parse((await platform.api("GET", `/deployments/${name}`)).body).status;
}

const untilLive = (platform: TestPlatform, name: string) =>
  until(async () => (await statusOf(platform, name)).lifecycle === "Live", {
    timeoutMs: 60_000,
    what: `${name} is Live`,
  });

const urlOf = (platform: TestPlatform, name: string) =>
  `${platform.info.gatewayUrl}/serve/default/${name}/v2/models/${name}/infer`;

/** Begins a fault; the answer ends it. */
async function makeFault(platform: TestPlatform, name: Exclude<Case, "slow-load">): Promise<() => Promise<void>> {
  const { gatewayGrpc } = platform.info;
  const order = { fault: name, url: urlOf(platform, name), grpcAddress: gatewayGrpc, key: `default/${name}` };
  const words = JSON.stringify({ ...order, body: BODIES[name], ms: FAULT_MS });
  const child = spawn(process.execPath, [FAULT, words], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
}

/** Deploys a model that is slow to try, so that its load takes long; the answer stops it. */
async function loadSlowly(platform: TestPlatform): Promise<() => Promise<void>> {
  await deploy(platform, "slow-load", file("slow-load", loopingModel(20_000_000n)));
  return async () => {
    await platform.api("DELETE", "/deployments/slow-load");
  };
}

/** How long until the platform says of the deployment at fault that it is not well; null when it does not. */
async function untilTold(platform: TestPlatform, name: string, signal: AbortSignal): Promise<number | null> {
  const startedMs = systemClock.monotonicMs();
  while (!signal.aborted) {
    const status = await statusOf(platform, name).catch(() => null);
    if (status !== null && status.health !== "Healthy") return systemClock.monotonicMs() - startedMs;
    await systemClock.sleep(100);
  }
  return null;
}

async function untilAllAnswer(neighbours: readonly Neighbour[]): Promise<number> {
  const startedMs = systemClock.monotonicMs();
  for (let right = 0; right < 10 && systemClock.monotonicMs() - startedMs < RECOVERY_MS; ) {
    const answers = await Promise.all(neighbours.map((one) => callOnce(one)));
    right = answers.every(Boolean) ? right + 1 : 0;
  }
  return systemClock.monotonicMs() - startedMs;
}

async function runCase(platform: TestPlatform, name: Case, neighbours: readonly Neighbour[]): Promise<Outcome> {
  const alone = await measureCalls(neighbours, ALONE_MS);
  const end = name === "slow-load" ? await loadSlowly(platform) : await makeFault(platform, name);
  const watching = new AbortController();
  const told = name === "slow-load" ? null : untilTold(platform, name, watching.signal);
  const beside = await measureCalls(neighbours, FAULT_MS);
  watching.abort();
  const toldMs = await told;
  await end();
  const recoveredMs = await untilAllAnswer(neighbours);
  process.stdout.write(
    `${name}: alone p50 ${ms(alone.p50Ms)} p99 ${ms(alone.p99Ms)} (${alone.calls} calls), beside it p50 ${ms(beside.p50Ms)} ` +
      `p99 ${ms(beside.p99Ms)}, ${beside.failed} of ${beside.calls} failed, longest gap ${ms(beside.longestGapMs)}, ` +
      `all answer again after ${ms(recoveredMs)}\n`,
  );
  return { name, alone, beside, recoveredMs, toldMs };
}

const ms = (value: number) => `${value.toFixed(1)} ms`;

const given = process.argv.slice(2).flatMap((word) => word.split(","));
const wanted = given.length === 0 ? CASES : CASES.filter((name) => given.includes(name));
const platform = await startTestPlatform({ env: { SLIPWAY_MODEL_ROOTS: `${folder}:${join(ROOT, "examples")}` } });
const outcomes: Outcome[] = [];
try {
  const files: [string, string][] = [
    ["quick", join(IRIS, "model.onnx")],
    ["looping", file("looping", countingModel())],
    ["hung", file("hung", countingModel())],
    ["flooded", join(IRIS, "model.onnx")],
    ["abandoned", file("abandoned", countingModel())],
    ["large", file("large", identityModel("FP32"))],
    ["held", join(IRIS, "model.onnx")],
  ];
  for (const [name, path] of files) await deploy(platform, name, path);
  for (const [name] of files) await untilLive(platform, name);
  // One whose graph bounds its time, and one that counts as far as it is told, which is run apart from the others.
  const neighbours: Neighbour[] = [
    { name: "quick", url: urlOf(platform, "quick"), body: SAMPLE, expected: '"model_name":"quick"' },
    { name: "looping", url: urlOf(platform, "looping"), body: counting("7"), expected: '"data":[7]' },
  ];
  await measureCalls(neighbours, ALONE_MS);
  for (const name of wanted) outcomes.push(await runCase(platform, name, neighbours));
} finally {
  await platform.stop();
  rmSync(folder, { recursive: true, force: true });
}

const rows = outcomes.map(({ name, alone, beside, recoveredMs, toldMs }) => [
  name,
  ...[alone.p50Ms, alone.p99Ms, beside.p50Ms, beside.p99Ms].map((value) => value.toFixed(1)),
  (beside.p99Ms / alone.p99Ms).toFixed(2),
  `${beside.failed} of ${beside.calls}`,
  Math.round(beside.longestGapMs).toString(),
  Math.round(recoveredMs).toString(),
  toldMs === null ? "-" : Math.round(toldMs).toString(),
]);
const head = [
  "fault",
  "p50 alone",
  "p99 alone",
  "p50",
  "p99",
  "p99 ratio",
  "failed",
  "longest gap",
  "again after",
  "told after",
];
process.stdout.write(`\nmilliseconds\n${table(head, rows)}\n`);
const metrics = outcomes.flatMap(({ name, alone, beside, toldMs }) => {
  const key = name.replaceAll("-", "_");
  return [
    [`${key}_p99_ratio`, beside.p99Ms / alone.p99Ms],
    [`${key}_failed`, beside.failed],
    ...(name === "hung" ? [[`${key}_told_ms`, toldMs]] : []),
  ] as const;
});
report("neighbours", Object.fromEntries(metrics), [
  ...metrics
    .filter(([name]) => String(name).endsWith("_ratio"))
    .map(([name]) => ({ metric: String(name), atMost: RATIO })),
  ...metrics
    .filter(([name]) => String(name).endsWith("_failed"))
    .map(([name]) => ({ metric: String(name), atMost: 0 })),
]);
