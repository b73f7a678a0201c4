import type { Db } from "../create-db.ts";
import { transaction } from "../transaction.ts";

export type PruneOptions = {
  /** Changes older than this go, in milliseconds. */
  keepMs: number;
  /** How many at most in one transaction. */
  batch?: number;
  signal?: AbortSignal;
};

/**
 * Takes the oldest rows of the feed's order for as long as each is old enough, and moves the low-water mark past them in the
 * same transaction. The row of the feed is locked first, so that two jobs do not undo each other's mark.
 */
const PRUNE = `
  WITH oldest AS (
    SELECT xid, seq, created_at < now() - $1 * interval '1 millisecond' AS old FROM change
    WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, seq LIMIT $2
  ), prefix AS (
    SELECT xid, seq, bool_and(old) OVER (ORDER BY xid, seq) AS goes FROM oldest
  ), last AS (
    SELECT xid, seq FROM prefix WHERE goes ORDER BY xid DESC, seq DESC LIMIT 1
  ), marked AS (
    UPDATE feed SET low_water_xid = last.xid, low_water_seq = last.seq FROM last WHERE feed.id = 1
  )
  DELETE FROM change USING last WHERE (change.xid, change.seq) <= (last.xid, last.seq)`;

/** Removes what nobody can still want to read; works in small batches. Returns how many rows went. */
export async function pruneChanges(db: Db, { keepMs, batch = 1_000, signal }: PruneOptions): Promise<number> {
  let total = 0;
  for (;;) {
    signal?.throwIfAborted();
    const removed = await transaction(db, async (tx) => {
      await tx.query("SELECT FROM feed WHERE id = 1 FOR UPDATE");
      const { rowCount } = await tx.query(PRUNE, [keepMs, batch]);
      return rowCount ?? 0;
    });
    total += removed;
    if (removed < batch) return total;
  }
}
