import type { ClientBase, Pool } from "pg";

type Queryable = Pick<ClientBase | Pool, "query">;

const RENEW = `
  WITH renewed AS (
    UPDATE feed SET epoch = gen_random_uuid(), low_water_xid = '0', low_water_seq = 0, fingerprint = slipway_fingerprint()
    WHERE id = 1 AND ($1 OR fingerprint <> slipway_fingerprint())
    RETURNING epoch
  )
  DELETE FROM change WHERE EXISTS (SELECT FROM renewed)`;

/**
 * Begins a new life of the feed when this is another physical copy of the database than the one the epoch belongs to, that
 * is, after a restore from a dump (other tables), onto another server (other cluster) or to a point in time (other timeline).
 * Every cursor from before is expired then. A data directory copied back by hand looks like the original: see `newFeedEpoch`.
 */
export async function ensureFeedEpoch(db: Queryable): Promise<void> {
  await db.query(RENEW, [false]);
}

/** Begins a new life of the feed in any case; for whoever restores a database in a way that cannot be seen from within. */
export async function newFeedEpoch(db: Queryable): Promise<void> {
  await db.query(RENEW, [true]);
}
