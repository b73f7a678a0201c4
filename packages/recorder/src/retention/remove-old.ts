import { METRIC_STEPS } from "@slipway/contracts";
import type { Db } from "@slipway/db";

/** Rows that one statement removes, so that none holds up anything for long. */
const BATCH = 1_000;
/** How long it is known how far a gateway's batches were taken in; its queue ends long before. */
export const SOURCE_KEEP_MS = 86_400_000;

/** Removes windows that are older than their length is kept, gateways that are gone, and rates of what was deleted. */
export async function removeOld(db: Db, nowMs: number, signal: AbortSignal): Promise<number> {
  let removed = 0;
  for (const { seconds, keepMs } of METRIC_STEPS) {
    // A window goes when its end is too old, so that the oldest point of a chart is a whole one.
    const before = new Date(nowMs - keepMs - 2 * seconds * 1_000);
    removed += await removeBatches(db, signal, "metric_rollup", "step = $1 AND at < $2", [seconds, before]);
  }
  removed += await removeBatches(db, signal, "metric_source", "seen_at < $1", [new Date(nowMs - SOURCE_KEEP_MS)]);
  const gone = "NOT EXISTS (SELECT FROM resource r WHERE r.uid = deployment_uid)";
  removed += await removeBatches(db, signal, "deployment_rate", gone, []);
  return removed;
}

async function removeBatches(
  db: Db,
  signal: AbortSignal,
  table: string,
  old: string,
  values: readonly unknown[],
): Promise<number> {
  let removed = 0;
  for (;;) {
    signal.throwIfAborted();
    const { rowCount } = await db.pool.query(
      `DELETE FROM ${table} WHERE ctid IN (SELECT ctid FROM ${table} WHERE ${old} LIMIT ${BATCH})`,
      [...values],
    );
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return removed;
  }
}
