import { type Db, type Tx, transaction } from "@slipway/db";
import { addWindows } from "../rollups/add-windows.ts";
import type { ReadBatch, UsedToken } from "./read-batch.ts";

/**
 * Stores a batch and that it was stored, together; false when it had been before. Two recorders that are given the same
 * batch at once wait for each other at the router's row, so it counts once whichever of them answers.
 */
export async function takeBatch(db: Db, batch: ReadBatch, nowMs: number): Promise<boolean> {
  const { routerId, sequence, increments, tokens } = batch;
  return transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `INSERT INTO metric_source AS s (router_id, sequence) VALUES ($1, $2)
       ON CONFLICT (router_id) DO UPDATE SET sequence = EXCLUDED.sequence, seen_at = now()
       WHERE s.sequence < EXCLUDED.sequence`,
      [routerId, String(sequence)],
    );
    if (rowCount === 0) return false;
    await addWindows(tx, increments, nowMs);
    await markUsed(tx, tokens);
    return true;
  });
}

/** A token that is known no more is passed over. Rows are locked in one order, so that two recorders never wait in a ring. */
async function markUsed(tx: Tx, tokens: readonly UsedToken[]): Promise<void> {
  if (tokens.length === 0) return;
  await tx.query(
    `WITH used AS (
       SELECT c.id, x."lastUsedMs", x.calls
       FROM jsonb_to_recordset($1::jsonb) AS x(hmac text, "lastUsedMs" double precision, calls bigint)
       JOIN client_token c ON c.hmac = decode(x.hmac, 'hex') ORDER BY c.id FOR UPDATE OF c
     )
     UPDATE client_token t SET calls = t.calls + used.calls,
       last_used_at = greatest(t.last_used_at, to_timestamp(used."lastUsedMs" / 1000))
     FROM used WHERE t.id = used.id`,
    [JSON.stringify(tokens)],
  );
}
