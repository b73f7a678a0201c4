import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CHECKOUT } from "@slipway/platform";
import { systemClock } from "@slipway/service-kit";
import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
import { goldenCases, inferUrl, isSettled, modelFile, untilState } from "../examples.ts";
import { type LoadResult, startLoad, type Target } from "./checked-load.ts";
import { type Fault, faults, MODELS } from "./faults.ts";

/**
 * Ends, freezes and starves every part of a platform of its own while it answers, checks every answer against what Python's
 * onnxruntime gave, and prints the table of docs/reliability.md.
 */
const USAGE = `Usage: npm run chaos [-- OPTIONS]
  --short        each part alone, not in pairs
  --only WORDS   faults whose name has all of these words: gateway,sigstop`;

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

/** Requests before a fault, and right answers of every deployment after it, before it counts as over. */
const AROUND = 30;
const OVER_MS = 60_000;
/** A file system small enough to fill, and large enough for a database. */
const DISK_MEGABYTES = 400;

type Row = { fault: Fault; load: LoadResult; overMs: number; problem: string | null };

async function targetsOf(platform: TestPlatform): Promise<Target[]> {
  const targets: Target[] = [];
  for (const name of MODELS) {
    await platform.deploy(name, modelFile(name));
    const token = await platform.createToken(name, "chaos");
    const cases = goldenCases(name).map(({ request, outputs }) => ({ body: JSON.stringify(request), outputs }));
    targets.push({ name, url: inferUrl(platform, name), token, cases });
  }
  return targets;
}

async function runFault(platform: TestPlatform, targets: readonly Target[], fault: Fault): Promise<Row> {
  await fault.prepare?.(platform);
  const load = startLoad(targets);
  let overMs = 0;
  let problem: string | null = null;
  try {
    await untilAnswered(load.leastAnswers, "answers before the fault");
    const startedMs = systemClock.monotonicMs();
    await fault.make(platform);
    await untilAnswered(load.leastAnswers, "answers after the fault");
    await Promise.all(MODELS.map((name) => untilState(platform, name, isSettled, "is settled again", OVER_MS)));
    overMs = systemClock.monotonicMs() - startedMs;
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  return { fault, load: await load.stop(), overMs, problem };
}

async function untilAnswered(answers: () => number, what: string): Promise<void> {
  const enough = answers() + AROUND;
  await until(() => answers() >= enough, { timeoutMs: OVER_MS, everyMs: 20, what });
}

function verdict({ fault, load, problem }: Row): string {
  if (problem !== null) return `BROKEN: ${problem}`;
  if (load.wrong > 0) return "BROKEN: wrong answers";
  if (fault.promise === "no failure") return load.failed === 0 ? "held" : `BROKEN: ${kindsOf(load)}`;
  return fault.aimMs === undefined || load.worstGapMs <= fault.aimMs ? "held" : `gap over ${fault.aimMs} ms`;
}

const kindsOf = ({ kinds }: LoadResult) =>
  Object.entries(kinds)
    .map(([kind, count]) => `${count} × ${kind}`)
    .join(", ");

function print(row: Row): void {
  const { fault, load, overMs } = row;
  const cells = [fault.name, load.requests, load.failed, load.wrong, Math.round(load.worstGapMs), Math.round(overMs)];
  process.stdout.write(`| ${[...cells, fault.promise, verdict(row)].join(" | ")} |\n`);
}

/** Runs faults on one platform, one after the other, and prints each as it is over. */
async function runAll(all: readonly Fault[], dataDir: string | null, folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  if (all.length === 0) return rows;
  const env = { SLIPWAY_MODEL_ROOTS: `${folder}:${join(CHECKOUT, "examples")}` };
  const platform = await startTestPlatform({ env, ...(dataDir === null ? {} : { dataDir }) });
  try {
    const targets = await targetsOf(platform);
    for (const fault of all) {
      const row = await runFault(platform, targets, fault);
      print(row);
      rows.push(row);
    }
  } finally {
    await platform.stop();
  }
  return rows;
}

/** On a small file system of its own; null where this user may not make one. */
async function withSmallDisk<T>(folder: string, run: (dataDir: string) => Promise<T>): Promise<T | null> {
  const mount = mkdtempSync(join(folder, "disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MEGABYTES}m`, "tmpfs", mount], { stdio: "ignore" });
  } catch {
    return null;
  }
  try {
    return await run(join(mount, "data"));
  } finally {
    execFileSync("umount", ["-l", mount], { stdio: "ignore" });
  }
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-chaos-"));
  try {
    const words = values.only.split(",").filter(Boolean);
    const wanted = faults(folder, { isShort: values.short }).filter(({ name }) =>
      words.every((word) => name.includes(word)),
    );
    process.stdout.write("| Fault | Requests | Failed | Wrong | Worst gap, ms | Over after, ms | Promise | |\n");
    process.stdout.write("|---|---|---|---|---|---|---|---|\n");
    const onDisk = wanted.filter((fault) => fault.fillsDisk === true);
    const rows = await runAll(
      wanted.filter((fault) => fault.fillsDisk !== true),
      null,
      folder,
    );
    if (onDisk.length > 0) {
      const more = await withSmallDisk(folder, (dataDir) => runAll(onDisk, dataDir, folder));
      if (more === null) process.stdout.write("full disk: not tried, since only root may mount a small file system\n");
      rows.push(...(more ?? []));
    }
    const requests = rows.reduce((sum, { load }) => sum + load.requests, 0);
    const broken = rows.filter((row) => verdict(row).startsWith("BROKEN"));
    process.stdout.write(`${requests} requests, ${broken.length} of ${rows.length} promises broken\n`);
    return broken.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.help) process.stdout.write(`${USAGE}\n`);
else process.exitCode = await main();
