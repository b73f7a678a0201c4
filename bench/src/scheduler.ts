import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Db } from "@slipway/db";
import { FakeFleet } from "@slipway/scheduler/testing/fake-fleet";
import { FakeRouter } from "@slipway/scheduler/testing/fake-router";
import { store } from "@slipway/scheduler/testing/store";
import { freePort } from "@slipway/service-kit";
import { startOwnPostgres, until } from "@slipway/testkit";
import { proportionalSetSize } from "./harness/memory.ts";
import { report } from "./harness/report.ts";

/**
 * One scheduler process with a real PostgreSQL and fake agents: how long until stored deployments all answer, how long one
 * change takes afterwards, and how much memory the scheduler needs. The cost of a change must not grow with the models.
 * Arguments `MODELSxREPLICAS` choose the sizes.
 */
const PROGRAM = fileURLToPath(import.meta.resolve("@slipway/scheduler/testing/run-test-scheduler"));
const SIZES = process.argv.length > 2 ? process.argv.slice(2) : ["1000x10", "1000x100", "5000x10", "5000x100"];
const CHANGES = 40;
const STORE_AT_ONCE = 250;
const SECRET = "internal";

type Size = { name: string; models: number; replicas: number };
type Measured = { storedS: number; allLiveS: number; changeP50Ms: number; changeP95Ms: number; pssMb: number };

const postgres = await startOwnPostgres();
const metrics: Record<string, number> = {};
try {
  const results = new Map<string, Measured>();
  for (const text of SIZES) {
    const [models = 0, replicas = 0] = text.split("x").map(Number);
    const size = { name: text, models, replicas };
    process.stdout.write(`${models} models onto ${replicas} replicas ...\n`);
    const measured = await measure(size);
    results.set(text, measured);
    for (const [metric, value] of Object.entries(measured)) metrics[`${metric}_${text}`] = value;
  }
  const few = results.get("1000x100")?.changeP50Ms;
  const many = results.get("5000x100")?.changeP50Ms;
  const growth = few === undefined || many === undefined ? null : many / few;
  report("scheduler", { ...metrics, changeGrowth: growth }, [{ metric: "changeGrowth", atMost: 1.5 }]);
} finally {
  await postgres.stop();
}

async function measure(size: Size): Promise<Measured> {
  const { url, db } = await postgres.database(`bench_${size.name}`);
  const address = `127.0.0.1:${await freePort()}`;
  const fleet = new FakeFleet({ addresses: [address], secret: SECRET });
  const router = new FakeRouter({ addresses: [address], secret: SECRET }).start();
  let scheduler: ChildProcess | null = null;
  try {
    const storedS = await seconds(() => storeAll(db, size));
    scheduler = spawn(process.execPath, [PROGRAM, url, "scheduler", address.split(":")[1] ?? ""], { stdio: "inherit" });
    const allLiveS = await seconds(async () => {
      for (let replica = 0; replica < size.replicas; replica += 1) {
        const key = { group: "platform", server: "onnx", replica };
        await fleet.start({ ...key, runtime: "onnx", capabilities: ["onnx"], memoryBytes: 256 * 2 ** 30 });
      }
      await until(async () => (await countLive(db)) === size.models, {
        timeoutMs: 600_000,
        everyMs: 250,
        what: "every deployment is Live",
      });
    });
    const pssMb = (proportionalSetSize(scheduler.pid ?? 0) ?? Number.NaN) / 1e6;
    const times: number[] = [];
    for (let n = 0; n < CHANGES; n += 1) times.push(await change(db, router, n * Math.floor(size.models / CHANGES), n));
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
    return { storedS, allLiveS, changeP50Ms: at(0.5), changeP95Ms: at(0.95), pssMb };
  } finally {
    scheduler?.kill("SIGKILL");
    fleet.stopAll();
    router.stop();
    await db.close();
  }
}

async function storeAll(db: Db, { models, replicas }: Size): Promise<void> {
  await store(
    db,
    `apiVersion: slipway.dev/v1
kind: Server
metadata: { name: onnx, group: platform }
spec: { replicas: ${replicas}, resources: { memory: 256Gi } }`,
  );
  const names = Array.from({ length: models }, (_, n) => n);
  for (let start = 0; start < models; start += STORE_AT_ONCE) {
    const documents = names.slice(start, start + STORE_AT_ONCE).map((n) => deployment(n, `file:/models/${n}.onnx`));
    await store(db, documents.join("---\n"));
  }
}

function deployment(n: number, uri: string): string {
  return `apiVersion: slipway.dev/v1
kind: Deployment
metadata: { name: model-${n} }
spec: { variants: [{ model: { uri: "${uri}" } }] }
`;
}

/** From the call that stores another model file until the router routes to it, in milliseconds. */
async function change(db: Db, router: FakeRouter, n: number, round: number): Promise<number> {
  const before = router.route(`default/model-${n}`)?.targets[0]?.model?.version;
  const routed = new Promise<void>((resolve) => {
    router.onChange = () => {
      const now = router.route(`default/model-${n}`)?.targets[0]?.model?.version;
      if (now !== undefined && now !== before) resolve();
    };
  });
  const startedMs = performance.now();
  await store(db, deployment(n, `file:/models/${n}-${round}.onnx`));
  await routed;
  return performance.now() - startedMs;
}

async function countLive(db: Db): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM resource r JOIN resource_status s USING (uid)
     WHERE r.kind = 'Deployment' AND s.status->>'lifecycle' = 'Live'`,
  );
  return rows[0]?.n ?? 0;
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1_000;
}
