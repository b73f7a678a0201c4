import { SlipwayError } from "@slipway/contracts";
import type { ClientBase, Pool } from "pg";
import * as z from "zod";
import { type Cursor, formatCursor, parseCursor } from "./cursor.ts";
import { ensureFeedEpoch } from "./feed-epoch.ts";

type Queryable = Pick<ClientBase | Pool, "query">;

/** What a change is about: `spec` the row itself, `control` what stands beside it (tokens, rollout), `status` its status. */
export const changePart = z.enum(["spec", "control", "status"]);
export type ChangePart = z.infer<typeof changePart>;

const changeRow = z.object({
  xid: z.string(),
  seq: z.string(),
  uid: z.string(),
  group: z.string(),
  kind: z.string(),
  name: z.string(),
  part: changePart,
});

/** A pointer to what changed; `cursor` is the place right after it. */
export type Change = z.output<typeof changeRow> & { cursor: Cursor };
/** A place in the feed as two numbers in decimal. */
export type ChangePlace = Pick<Change, "xid" | "seq">;

const feedRow = z.object({
  epoch: z.string(),
  restored: z.boolean(),
  pruned: z.boolean(),
  fromTheFuture: z.boolean(),
});

const STATE = `
  SELECT epoch, fingerprint <> slipway_fingerprint() AS restored,
         ($1::xid8, $2::bigint) < (low_water_xid, low_water_seq) AS pruned,
         $1::xid8 > pg_snapshot_xmax(pg_current_snapshot()) AS "fromTheFuture"
  FROM feed WHERE id = 1`;

const CHANGES = `
  SELECT xid::text, seq::text, uid, "group", kind, name, part FROM change
  WHERE (xid, seq) > ($1::xid8, $2::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY change.xid, change.seq LIMIT $3`;

/**
 * The changes after a cursor, oldest first, at most `limit`, and the cursor to go on from. Shows a transaction's changes once
 * every transaction that began before it has ended, hence none can turn up behind a cursor later.
 * @throws feed/cursor_expired when the cursor is of another life of the feed or below what was pruned: list again
 */
export async function readChanges(
  db: { pool: Queryable },
  cursor: Cursor,
  limit = 1_000,
): Promise<{ changes: Change[]; cursor: Cursor }> {
  const place = parseCursor(cursor);
  const { rows } = await db.pool.query(CHANGES, [place.xid, place.seq, limit]);
  // Read after the changes: if neither a restore nor a pruning had happened by now, none had when they were read.
  await assertValid(db.pool, place);
  const changes = z.array(changeRow).parse(rows);
  const withCursors = changes.map((row) => ({ ...row, cursor: formatCursor({ ...row, epoch: place.epoch }) }));
  return { changes: withCursors, cursor: withCursors.at(-1)?.cursor ?? cursor };
}

async function assertValid(db: Queryable, place: { epoch: string; xid: string; seq: string }): Promise<void> {
  const { rows } = await db.query(STATE, [place.xid, place.seq]);
  const state = feedRow.parse(rows[0]);
  if (state.restored) await ensureFeedEpoch(db);
  if (state.restored || state.pruned || state.fromTheFuture || state.epoch !== place.epoch) {
    throw new SlipwayError("feed/cursor_expired", {});
  }
}

/** The place to follow from; take it before listing, and nothing falls between the list and the changes. */
export async function currentCursor(db: { pool: Queryable }): Promise<Cursor> {
  await ensureFeedEpoch(db.pool);
  const { rows } = await db.pool.query(
    "SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS xid, '0' AS seq FROM feed WHERE id = 1",
  );
  return formatCursor(z.object({ epoch: z.string(), xid: z.string(), seq: z.string() }).parse(rows[0]));
}

/** How old the oldest transaction is that the feed waits for, in seconds; 0 when there is none. A metric. */
export async function horizonAgeSeconds(db: { pool: Queryable }): Promise<number> {
  const { rows } = await db.pool.query(
    "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8 AS age FROM pg_stat_activity WHERE backend_xid IS NOT NULL",
  );
  return z.object({ age: z.number() }).parse(rows[0]).age;
}
