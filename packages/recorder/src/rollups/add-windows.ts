import { METRIC_STEPS } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import type { GaugeSample } from "./gauge-sample.ts";

/** What is to be added to the windows that hold `atMs`. */
export type Increment = {
  deploymentUid: string;
  atMs: number;
  codes: Readonly<Record<string, number>>;
  latency: Readonly<Record<string, number>>;
  maxInFlight: number | null;
  gauges: GaugeSample | null;
};

type Row = {
  uid: string;
  step: number;
  at: string;
  codes: Record<string, number>;
  latency: Record<string, number>;
  maxInFlight: number | null;
  ready: number | null;
  wanted: number | null;
  cpuMs: number | null;
  cpuOverMs: number | null;
  memoryBytes: number | null;
};

/**
 * Adds increments to the windows of every length that still keeps their time, in one statement. Rows are touched in the
 * order of their key, so that two that write at once wait for each other and do not lock each other out.
 */
export async function addWindows(tx: Tx, increments: readonly Increment[], nowMs: number): Promise<void> {
  const rows = rowsOf(increments, nowMs);
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO metric_rollup AS m (deployment_uid, step, at, codes, latency, max_in_flight, replicas_ready, replicas_wanted,
       cpu_ms, cpu_over_ms, memory_bytes)
     SELECT uid, step, at, codes, latency, "maxInFlight", ready, wanted, "cpuMs", "cpuOverMs", "memoryBytes"
     FROM jsonb_to_recordset($1::jsonb) AS x(uid uuid, step smallint, at timestamptz, codes jsonb, latency jsonb,
       "maxInFlight" int, ready int, wanted int, "cpuMs" bigint, "cpuOverMs" bigint, "memoryBytes" bigint)
     ORDER BY uid, step, at
     ON CONFLICT (deployment_uid, step, at) DO UPDATE SET
       codes = CASE WHEN EXCLUDED.codes = '{}' THEN m.codes ELSE slipway_add_counts(m.codes, EXCLUDED.codes) END,
       latency = CASE WHEN EXCLUDED.latency = '{}' THEN m.latency ELSE slipway_add_counts(m.latency, EXCLUDED.latency) END,
       max_in_flight = greatest(m.max_in_flight, EXCLUDED.max_in_flight),
       replicas_ready = least(m.replicas_ready, EXCLUDED.replicas_ready),
       replicas_wanted = greatest(m.replicas_wanted, EXCLUDED.replicas_wanted),
       cpu_ms = coalesce(m.cpu_ms + EXCLUDED.cpu_ms, m.cpu_ms, EXCLUDED.cpu_ms),
       cpu_over_ms = coalesce(m.cpu_over_ms + EXCLUDED.cpu_over_ms, m.cpu_over_ms, EXCLUDED.cpu_over_ms),
       memory_bytes = greatest(m.memory_bytes, EXCLUDED.memory_bytes)`,
    [JSON.stringify(rows)],
  );
}

/** One row for each window of each length, however many increments fall into it: a statement may touch a row once. */
export function rowsOf(increments: readonly Increment[], nowMs: number): Row[] {
  const rows = new Map<string, Row>();
  for (const increment of increments) {
    for (const { seconds, keepMs } of METRIC_STEPS) {
      if (increment.atMs < nowMs - keepMs) continue;
      const stepMs = seconds * 1_000;
      const at = new Date(Math.floor(increment.atMs / stepMs) * stepMs).toISOString();
      const key = `${increment.deploymentUid}/${seconds}/${at}`;
      const row = rows.get(key) ?? emptyRow(increment.deploymentUid, seconds, at);
      rows.set(key, row);
      addTo(row, increment);
    }
  }
  return [...rows.values()];
}

function emptyRow(uid: string, step: number, at: string): Row {
  const none = { maxInFlight: null, ready: null, wanted: null, cpuMs: null, cpuOverMs: null, memoryBytes: null };
  return { uid, step, at, codes: {}, latency: {}, ...none };
}

function addTo(row: Row, { codes, latency, maxInFlight, gauges }: Increment): void {
  for (const [code, count] of Object.entries(codes)) row.codes[code] = (row.codes[code] ?? 0) + count;
  for (const [bucket, count] of Object.entries(latency)) row.latency[bucket] = (row.latency[bucket] ?? 0) + count;
  row.maxInFlight = either(Math.max, row.maxInFlight, maxInFlight);
  if (gauges === null) return;
  row.ready = either(Math.min, row.ready, gauges.replicasReady);
  row.wanted = either(Math.max, row.wanted, gauges.replicasWanted);
  row.cpuMs = either((a, b) => a + b, row.cpuMs, gauges.cpuMs);
  row.cpuOverMs = either((a, b) => a + b, row.cpuOverMs, gauges.cpuOverMs);
  row.memoryBytes = either(Math.max, row.memoryBytes, gauges.memoryBytes);
}

function either(join: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return join(a, b);
}
