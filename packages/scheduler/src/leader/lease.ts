import { type Db, transaction } from "@slipway/db";
import * as z from "zod";

/** How long a lease lasts without being renewed, on the database's clock. */
export const LEASE_MS = 3_000;

export type Holder = { id: string; address: string };
/** Either the lease is ours from an epoch of our own on, or somebody else leads. */
export type Acquired = { kind: "leading"; epoch: bigint } | { kind: "standby"; leaderAddress: string };

const leaseRow = z.object({ holderId: z.string(), address: z.string(), held: z.boolean() });
const epochRow = z.object({ value: z.coerce.bigint() });

/**
 * Takes the lease if nobody holds it, and raises the epoch (above `above`, when agents have obeyed a higher one than this
 * database knows), so that whoever led before can commit nothing more. A holder with the same id is a former life of ours.
 */
export async function acquireLease(db: Db, holder: Holder, above = 0n): Promise<Acquired> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query(
      `SELECT holder_id AS "holderId", address, expires_at > clock_timestamp() AS held FROM lease
       WHERE name = 'scheduler' FOR UPDATE`,
    );
    const lease = leaseRow.optional().parse(rows[0]);
    if (lease?.held === true && lease.holderId !== holder.id) {
      return { kind: "standby", leaderAddress: lease.address };
    }
    await tx.query(
      `INSERT INTO lease (name, holder_id, address, expires_at)
       VALUES ('scheduler', $1, $2, clock_timestamp() + $3 * interval '1 millisecond')
       ON CONFLICT (name) DO UPDATE SET holder_id = excluded.holder_id, address = excluded.address,
         expires_at = excluded.expires_at`,
      [holder.id, holder.address, LEASE_MS],
    );
    const raised = await tx.query(
      `INSERT INTO epoch AS e (name, value) VALUES ('scheduler', $1::bigint + 1)
       ON CONFLICT (name) DO UPDATE SET value = greatest(e.value, $1::bigint) + 1 RETURNING value`,
      [above.toString()],
    );
    return { kind: "leading", epoch: epochRow.parse(raised.rows[0]).value };
  });
}

/** Renews the lease of the leader of this epoch; false when it is no longer ours. Never waits for an apply. */
export async function renewLease(db: Db, holder: Holder, epoch: bigint): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE lease SET expires_at = clock_timestamp() + $3 * interval '1 millisecond'
     WHERE name = 'scheduler' AND holder_id = $1
       AND (SELECT value FROM epoch WHERE name = 'scheduler') = $2::bigint`,
    [holder.id, epoch.toString(), LEASE_MS],
  );
  return rowCount === 1;
}

/** Gives the lease back, so that the next scheduler leads at once. */
export async function releaseLease(db: Db, holder: Holder, epoch: bigint): Promise<void> {
  await db.pool.query(
    `UPDATE lease SET expires_at = 'epoch' WHERE name = 'scheduler' AND holder_id = $1
       AND (SELECT value FROM epoch WHERE name = 'scheduler') = $2::bigint`,
    [holder.id, epoch.toString()],
  );
}

/** Address of the leader's control port; empty when nobody leads. */
export async function readLeaderAddress(db: Db): Promise<string> {
  const { rows } = await db.pool.query(
    "SELECT address FROM lease WHERE name = 'scheduler' AND expires_at > clock_timestamp()",
  );
  return z.object({ address: z.string() }).optional().parse(rows[0])?.address ?? "";
}
