import { latencyPercentile, REPORTED_WITHIN_MS } from "@slipway/contracts";
import { type Db, type Tx, transaction } from "@slipway/db";
import * as z from "zod";

const WINDOW_MS = 10_000;
const MINUTE_MS = 60_000;
/** The same lock for every recorder of a database: one refreshes, the others leave it to that one. */
const LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('slipway_deployment_rate')) AS held";

const counts = z.record(z.string(), z.number());
const windowRow = z.object({ uid: z.string(), codes: counts, latency: counts });
type Window = z.output<typeof windowRow>;

/**
 * Works out the last minute of every deployment from its windows of 10 s, and sets to 0 what had traffic and has none.
 * The minute ends where gateways have told everything.
 */
export async function refreshRates(db: Db, nowMs: number): Promise<void> {
  const endMs = Math.floor((nowMs - REPORTED_WITHIN_MS) / WINDOW_MS) * WINDOW_MS;
  await transaction(db, async (tx) => {
    const { rows } = await tx.query<{ held: boolean }>(LOCK);
    if (rows[0]?.held !== true) return;
    const windows = await readWindows(tx, endMs);
    const byUid = Map.groupBy(windows, ({ uid }) => uid);
    const rates = [...byUid].map(([uid, own]) => ({ uid, ...rateOf(own) }));
    await writeRates(tx, rates, new Date(endMs));
  });
}

/** The rate of a minute's windows. */
export function rateOf(windows: readonly Omit<Window, "uid">[]) {
  const latency = new Map<number, number>();
  let requests = 0;
  let answers = 0;
  let serverErrors = 0;
  for (const window of windows) {
    for (const [code, count] of Object.entries(window.codes)) {
      requests += count;
      if (code !== "aborted") answers += count;
      if (code.startsWith("5")) serverErrors += count;
    }
    for (const [bucket, count] of Object.entries(window.latency)) {
      latency.set(Number(bucket), (latency.get(Number(bucket)) ?? 0) + count);
    }
  }
  return {
    requestsPerSecond: requests / (MINUTE_MS / 1_000),
    p95Ms: latencyPercentile(latency, 0.95),
    serverErrorRate: answers === 0 ? null : serverErrors / answers,
  };
}

async function readWindows(tx: Tx, endMs: number): Promise<Window[]> {
  const { rows } = await tx.query(
    `SELECT deployment_uid AS uid, codes, latency FROM metric_rollup
     WHERE step = 10 AND at >= $1 AND at < $2 AND codes <> '{}'`,
    [new Date(endMs - MINUTE_MS), new Date(endMs)],
  );
  return z.array(windowRow).parse(rows);
}

async function writeRates(tx: Tx, rates: readonly ({ uid: string } & ReturnType<typeof rateOf>)[], end: Date) {
  await tx.query(
    `INSERT INTO deployment_rate (deployment_uid, requests_per_second, p95_ms, server_error_rate, at)
     SELECT uid, "requestsPerSecond", "p95Ms", "serverErrorRate", $2 FROM jsonb_to_recordset($1::jsonb)
       AS x(uid uuid, "requestsPerSecond" double precision, "p95Ms" double precision, "serverErrorRate" double precision)
     ON CONFLICT (deployment_uid) DO UPDATE SET requests_per_second = EXCLUDED.requests_per_second,
       p95_ms = EXCLUDED.p95_ms, server_error_rate = EXCLUDED.server_error_rate, at = EXCLUDED.at`,
    [JSON.stringify(rates), end],
  );
  await tx.query(
    `UPDATE deployment_rate SET requests_per_second = 0, p95_ms = NULL, server_error_rate = NULL, at = $2
     WHERE requests_per_second > 0 AND deployment_uid <> ALL($1::uuid[])`,
    [rates.map(({ uid }) => uid), end],
  );
}
