import { type DeploymentMetrics, deploymentMetrics } from "@slipway/contracts";
import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { callOnce, type Outcome, tally } from "./caller.ts";
import { inferUrl, modelFile, sampleOf } from "./examples.ts";

const tokens = z.object({
  items: z.array(z.object({ client: z.string(), lastUsedAt: z.string().nullable(), calls: z.int() })),
});
const rates = z.object({ items: z.array(z.object({ uid: z.string(), requestsPerSecond: z.number() })) });

describe("metrics of a deployment", () => {
  let platform: TestPlatform;
  let token: string;
  const outcomes: Outcome[] = [];

  beforeAll(async () => {
    platform = await startTestPlatform();
    await platform.deploy("iris", modelFile("iris"));
    token = await platform.createToken("iris", "shop");
  });
  afterAll(() => platform?.stop());

  async function send(times: number): Promise<void> {
    const request = { url: inferUrl(platform, "iris"), token, body: sampleOf("iris") };
    for (let n = 0; n < times; n += 1) outcomes.push(await callOnce(request));
  }

  const read = async (): Promise<DeploymentMetrics> =>
    deploymentMetrics.parse((await platform.api("GET", "/deployments/iris/metrics?from=-15m")).body);

  /** What is told of the deployment once everything that was sent has been told. */
  const whenTold = () =>
    until(
      async () => {
        const metrics = await read();
        return metrics.summary.requests >= outcomes.length ? metrics : null;
      },
      { timeoutMs: 60_000, everyMs: 250, what: `${outcomes.length} requests are told` },
    );

  test("count every request once, also when the scheduler is killed while it takes them in", async () => {
    const killed = platform.pidOf("scheduler");
    await send(60);
    platform.kill9("scheduler");
    await send(60);
    await until(() => platform.pidOf("scheduler") !== killed, { timeoutMs: 30_000, what: "the scheduler is back" });
    await send(20);
    await whenTold();
    // Had anything been counted twice, it would be seen behind the last one.
    await send(1);
    const { summary, points } = await whenTold();
    expect(tally(outcomes)).toEqual({ 200: 141 });
    expect(summary).toMatchObject({ requests: 141, success: 1 });
    const codes = points.flatMap((point) => Object.entries(point.codes));
    expect(new Set(codes.map(([code]) => code))).toEqual(new Set(["200"]));
    expect(codes.reduce((sum, [, count]) => sum + count, 0)).toBe(141);
  });

  test("tell latencies that a caller would call true, and what served them", async () => {
    const { summary, points } = await until(
      async () => {
        const metrics = await read();
        return metrics.points.some(({ cpuCores }) => cpuCores !== null) ? metrics : null;
      },
      { timeoutMs: 60_000, everyMs: 250, what: "processor time is measured" },
    );
    const slowest = Math.max(...outcomes.map(({ ms }) => ms));
    expect(summary.p50Ms).toBeGreaterThan(0);
    expect(summary.p50Ms).toBeLessThanOrEqual(summary.p95Ms ?? 0);
    expect(summary.p99Ms).toBeLessThan(slowest * 1.05);
    expect(points.some((point) => point.replicasReady === 1 && point.replicasWanted === 1)).toBe(true);
    expect(points.some((point) => point.inFlight === 1)).toBe(true);
  });

  test("stand beside the last use of the token, the rates of lists and the changes of the deployment", async () => {
    const { body } = await platform.api("GET", "/deployments/iris/tokens");
    const [shop] = tokens.parse(body).items;
    expect(shop).toMatchObject({ client: "shop", calls: outcomes.length });
    expect(Date.now() - Date.parse(shop?.lastUsedAt ?? "")).toBeLessThan(120_000);
    const busy = await until(
      async () => rates.parse((await platform.api("GET", "/deployment-rates?group=default")).body).items[0],
      { timeoutMs: 30_000, everyMs: 250, what: "the rate is told" },
    );
    expect(busy.requestsPerSecond).toBeLessThanOrEqual(outcomes.length / 60);
    expect((await read()).markers).toMatchObject([{ kind: "deploy", generation: 1 }]);
  });

  test("are told on the command line", async () => {
    const { code, stdout } = await platform.cli("metrics", "iris", "--from", "-15m");
    expect(code).toBe(0);
    expect(stdout).toContain("141 × 200");
    expect(stdout).toContain("100 %");
    const points = await platform.cli("metrics", "iris", "--from", "-15m", "--points");
    expect(points.stdout).toMatch(/AT\s+REQUESTS\s+PER SECOND\s+SUCCESS\s+P50/);
    const json = await platform.cli("metrics", "iris", "-o", "json");
    expect(deploymentMetrics.parse(JSON.parse(json.stdout)).summary.requests).toBe(141);
    expect((await platform.cli("metrics", "iris", "--from", "yesterday")).code).toBe(2);
  });
});
