import { latencyBucket } from "@slipway/contracts";
import type { Db } from "@slipway/db";

const MINUTE_MS = 60_000;

/** From when to when there are metrics. */
export type Recorded = { fromMs: number; toMs: number };

/** Stores what the recorder keeps of a deployment in that many minutes up to now, in both of its coarser windows. */
export async function seedMetrics(db: Db, name: string, minutes: number): Promise<Recorded> {
  const toMs = Math.floor(Date.now() / (10 * MINUTE_MS)) * 10 * MINUTE_MS;
  const latency = { [latencyBucket(4)]: 60, [latencyBucket(9)]: 36, [latencyBucket(40)]: 4 };
  for (const step of [60, 600]) {
    await db.pool.query(
      `INSERT INTO metric_rollup
         (deployment_uid, step, at, codes, latency, max_in_flight, replicas_ready, replicas_wanted, cpu_ms, cpu_over_ms,
          memory_bytes)
       SELECT uid, $2::int, $3::timestamptz - n * $2::int * interval '1 second',
         jsonb_build_object('200', 100 + (60 * sin(n / 25.0))::int, '400', n % 9, '503', CASE WHEN n % 50 < 5 THEN 6 ELSE 0 END),
         $4::jsonb, 2 + (2 * sin(n / 25.0))::int, 1 + n % 2, 2, 2400 + (2000 * sin(n / 25.0))::int, 10000,
         210000000 + n * 20000
       FROM resource, generate_series(1, $5::int) n WHERE kind = 'Deployment' AND name = $1`,
      [name, step, new Date(toMs), JSON.stringify(latency), Math.floor((minutes * 60) / step)],
    );
  }
  return { fromMs: toMs - minutes * MINUTE_MS, toMs };
}
