import type { DeploymentMetrics } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { findUid } from "../resource/find-uid.ts";
import { mergeRollups, type Rollup } from "./merge-rollups.ts";
import { chooseStep, type MetricRange, type MetricStep, readRange } from "./metric-range.ts";
import { readMarkers } from "./read-markers.ts";

export type ReadDeploymentMetrics = {
  group: string;
  deployment: string;
  /** ISO 8601, or before now: `-15m`, `-1h`, `-7d`. Unsaid: an hour before `to`. */
  from?: string;
  /** As `from`; now if unsaid. */
  to?: string;
};

/** A look at the whole and not at each of thousands of entries: only the recorder writes them. */
const counts = z.custom<Record<string, number>>((value) => typeof value === "object" && value !== null);
// Postgres gives a bigint as text.
const gauge = z.coerce.number().nullable();
const rollupRow = z
  .object({
    at: z.date(),
    codes: counts,
    latency: counts,
    maxInFlight: gauge,
    replicasReady: gauge,
    replicasWanted: gauge,
    cpuMs: gauge,
    cpuOverMs: gauge,
    memoryBytes: gauge,
  })
  .transform(({ at, ...row }): Rollup => ({ ...row, atMs: at.getTime() }));

/**
 * What a deployment did over a range of at most 90 days, in at most 500 points, with its changes; also of one that was
 * deleted. Counts are exact as far as gateways have told them (up to 6 s late); percentiles are right to 5 %.
 * @throws resource/not_found, request/invalid for a range that is none
 */
export async function readDeploymentMetrics(ctx: Context, input: ReadDeploymentMetrics): Promise<DeploymentMetrics> {
  authorise(ctx.actor, "resource.read");
  const nowMs = ctx.clock.now();
  const range = readRange(input, nowMs);
  const uid = await findUid(ctx, { group: input.group, kind: "Deployment", name: input.deployment });
  const step = chooseStep(range, nowMs);
  const [rollups, markers] = await Promise.all([readRollups(ctx, uid, range, step), readMarkers(ctx.db, uid, range)]);
  return {
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    stepSeconds: step.pointSeconds,
    ...mergeRollups(rollups, range, step, nowMs),
    markers,
  };
}

async function readRollups(
  ctx: Context,
  uid: string,
  { fromMs, toMs }: MetricRange,
  { pointSeconds, storedSeconds }: MetricStep,
): Promise<Rollup[]> {
  const stepMs = pointSeconds * 1_000;
  const { rows } = await ctx.db.pool.query(
    `SELECT at, codes, latency, max_in_flight AS "maxInFlight", replicas_ready AS "replicasReady",
       replicas_wanted AS "replicasWanted", cpu_ms AS "cpuMs", cpu_over_ms AS "cpuOverMs", memory_bytes AS "memoryBytes"
     FROM metric_rollup WHERE deployment_uid = $1 AND step = $2 AND at >= $3 AND at < $4`,
    [uid, storedSeconds, new Date(Math.floor(fromMs / stepMs) * stepMs), new Date(Math.ceil(toMs / stepMs) * stepMs)],
  );
  return z.array(rollupRow).parse(rows);
}
