import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CHECKOUT } from "@slipway/platform";
import { dataDirLayout, processIdentity, readProcessRecords } from "@slipway/service-kit";
import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const IRIS = join(CHECKOUT, "examples", "models", "iris", "model.onnx");

/** Pids of all processes that have the data directory in their environment or as their working directory. */
function processesAround(dataDir: string): number[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) return [];
    try {
      const inEnvironment = readFileSync(`/proc/${entry}/environ`, "utf8").includes(dataDir);
      return inEnvironment || readlinkSync(`/proc/${entry}/cwd`).startsWith(dataDir) ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
}

/** Answers of the deployment, as whoever holds the token sees them. */
async function infer(platform: TestPlatform, token: string): Promise<number> {
  const response = await fetch(`${platform.info.gatewayUrl}/serve/default/iris/v2/models/iris/infer`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: readFileSync(join(CHECKOUT, "examples", "models", "iris", "sample.json"), "utf8"),
  });
  await response.body?.cancel();
  return response.status;
}

describe("the platform that npm start runs", () => {
  let platform: TestPlatform;
  let token: string;

  beforeAll(async () => {
    platform = await startTestPlatform();
    await platform.deploy("iris", IRIS);
    token = await platform.createToken("iris", "e2e");
  });
  afterAll(() => platform?.stop());

  test("platform.json names every process with a pid that runs, and is for its owner alone", () => {
    const names = platform.processes().map(({ name }) => name);
    expect(names).toEqual(["agent-onnx-0", "console", "gateway", "model-server-onnx-0", "postgres", "scheduler"]);
    for (const { pid } of platform.processes()) expect(statSync(`/proc/${pid}`).isDirectory()).toBe(true);
    expect(statSync(dataDirLayout(platform.dataDir).platformFile).mode & 0o077).toBe(0);
  });

  test("a second start on the same data directory is refused, naming the pid of the first", async () => {
    const { code, stderr } = await platform.cli("up");
    expect(code).toBe(1);
    expect(stderr).toContain(`process ${platform.pidOf("supervisor")}`);
    expect(await infer(platform, token)).toBe(200);
  });

  test("a killed database comes back by itself with all data, and no request fails meanwhile", async () => {
    const pid = platform.pidOf("postgres");
    platform.kill9("postgres");
    expect(await infer(platform, token)).toBe(200);
    await until(() => platform.pidOf("postgres") !== pid, { timeoutMs: 20_000 });
    await until(async () => (await platform.api("GET", "/deployments/iris")).status === 200, { timeoutMs: 20_000 });
    expect(await infer(platform, token)).toBe(200);
  });

  test("after its supervisor was killed the next start takes over, and serving goes on", async () => {
    const before = platform.processes();
    const pidOfModelServer = platform.pidOf("model-server-onnx-0");
    platform.kill9("supervisor");
    expect(await infer(platform, token)).toBe(200);
    await platform.start();
    await until(async () => (await infer(platform, token)) === 200, { timeoutMs: 20_000 });
    expect(platform.pidOf("model-server-onnx-0")).toBe(pidOfModelServer);
    const own = new Set([...platform.processes().map(({ pid }) => pid), platform.pidOf("supervisor")]);
    const ended = before.filter(({ pid }) => !own.has(pid)).map(({ name }) => name);
    expect(ended).toEqual(expect.arrayContaining(["console", "gateway", "postgres", "scheduler"]));
    // The database's sessions, and the model server's runners.
    const children = new Set(["postgres", "model-server-onnx-0"].flatMap((name) => childrenOf(platform.pidOf(name))));
    expect(processesAround(platform.dataDir).filter((pid) => !own.has(pid) && !children.has(pid))).toEqual([]);
  });

  test("a stop ends every process within 10 s and leaves no record; the next start is ready within 10 s with all data", async () => {
    const { ms, code } = await platform.halt();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    expect(processesAround(platform.dataDir)).toEqual([]);
    const layout = dataDirLayout(platform.dataDir);
    expect(readProcessRecords(layout.processes)).toEqual([]);
    expect(() => processIdentity.parse(JSON.parse(readFileSync(layout.lockFile, "utf8")))).toThrow(/ENOENT/);
    expect(() => readFileSync(layout.platformFile)).toThrow(/ENOENT/);
    await platform.start();
    await until(async () => (await infer(platform, token)) === 200, { timeoutMs: 10_000 });
  });
});

test("demos come into a new data directory only, a deleted one stays deleted, and the printed line works", async () => {
  const platform = await startTestPlatform({ demo: true });
  try {
    const names = async () => {
      const { stdout } = await platform.cli("get", "deployments", "-o", "json");
      return [...stdout.matchAll(/"name": ?"([a-z-]+)"/g)].map(([, name]) => name);
    };
    expect(await names()).toEqual(expect.arrayContaining(["iris", "breast-cancer"]));
    expect(await runPrintedLine(platform)).toMatchObject({ model_name: "iris" });
    expect((await platform.cli("delete", "deployment", "iris", "--yes")).code).toBe(0);
    await platform.restart();
    expect(await names()).not.toContain("iris");
    expect(await runPrintedLine(platform)).toMatchObject({ model_name: "breast-cancer" });
  } finally {
    await platform.stop();
  }
});

async function runPrintedLine(platform: TestPlatform): Promise<unknown> {
  const line = platform
    .output()
    .split("\n")
    .findLast((text) => text.startsWith("curl "));
  if (line === undefined) throw new Error(`no curl line in:\n${platform.output()}`);
  return JSON.parse((await promisify(execFile)("sh", ["-c", line])).stdout);
}
