import { latencyBucket } from "@slipway/contracts";
import { expect, test } from "vitest";
import { scaleResource } from "../resource/scale-resource.ts";
import { setRunning } from "../resource/set-running.ts";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { listDeploymentRates } from "./list-deployment-rates.ts";
import { readDeploymentMetrics } from "./read-deployment-metrics.ts";

const IRIS = { group: "default", kind: "Deployment", name: "iris" } as const;
const ASKED = { group: "default", deployment: "iris" };

test("a deployment's windows are read with the changes that were made meanwhile", async () => {
  const { ctx, apply, db } = await domain();
  const { metadata } = await apply(deployment("iris"));
  await scaleResource(ctx, { ref: IRIS, replicas: 2, source: "cli", message: "more traffic" });
  await setRunning(ctx, { ref: IRIS, running: false, source: "api" });
  const later = { ...ctx, clock: { ...ctx.clock, now: () => Date.now() + 60_000 } };
  const at = Math.floor(Date.now() / 10_000) * 10_000;
  await db.pool.query(
    `INSERT INTO metric_rollup (deployment_uid, step, at, codes, latency, cpu_ms, cpu_over_ms, memory_bytes)
     VALUES ($1, 10, $2, '{"200": 40}', $3, 2500, 10000, 3000000000), ($1, 60, $4, '{"200": 7}', '{}', null, null, null)`,
    [
      metadata.uid,
      new Date(at),
      JSON.stringify({ [latencyBucket(8)]: 40 }),
      new Date(Math.floor(at / 60_000) * 60_000),
    ],
  );
  const answer = await readDeploymentMetrics(later, { ...ASKED, from: "-10m" });
  expect(answer).toMatchObject({ stepSeconds: 10, summary: { requests: 40, success: 1 } });
  expect(answer.points.find((point) => point.requests > 0)).toMatchObject({
    at: new Date(at).toISOString(),
    requestsPerSecond: 4,
    cpuCores: 0.25,
    memoryBytes: 3_000_000_000,
  });
  expect(answer.markers).toMatchObject([
    { kind: "deploy", generation: 1, actor: "local-admin" },
    { kind: "scale", generation: 2, message: "more traffic" },
    { kind: "stop", generation: 3 },
  ]);
});

test("metrics of what never was are refused, and so are those that a client asks for", async () => {
  const { ctx } = await domain();
  await expect(readDeploymentMetrics(ctx, ASKED)).rejects.toMatchObject({ code: "resource/not_found" });
  const client = { ...ctx, actor: { kind: "client", deployment: "iris", client: "app" } as const };
  await expect(readDeploymentMetrics(client, ASKED)).rejects.toMatchObject({ code: "auth/forbidden" });
  await expect(listDeploymentRates(client, { group: "*" })).rejects.toMatchObject({ code: "auth/forbidden" });
});

test("rates are read by group and by uid, the busiest first", async () => {
  const { ctx, apply, db } = await domain();
  const uids: string[] = [];
  for (const [index, name] of ["iris", "fraud", "digits"].entries()) {
    const { metadata } = await apply(deployment(name, { group: name === "digits" ? "vision" : "default" }));
    uids.push(metadata.uid);
    await db.pool.query("INSERT INTO deployment_rate VALUES ($1, $2, 12.5, 0.25, now())", [metadata.uid, index]);
  }
  const all = await listDeploymentRates(ctx, { group: "*" });
  expect(all.map(({ uid }) => uid)).toEqual(uids.toReversed());
  const own = await listDeploymentRates(ctx, { group: "default", uids: [uids[0] ?? "", uids[2] ?? ""] });
  expect(own).toMatchObject([{ uid: uids[0], requestsPerSecond: 0, p95Ms: 12.5, serverErrorRate: 0.25 }]);
  const many = Array.from({ length: 1_001 }, () => uids[0] ?? "");
  for (const wrong of [many, ["iris"]]) {
    await expect(listDeploymentRates(ctx, { group: "*", uids: wrong })).rejects.toMatchObject({ field: "uids" });
  }
});
