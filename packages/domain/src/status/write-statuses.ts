import type { ResourceStatus } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import { authorise } from "../actor.ts";
import type { Writer } from "../context.ts";

/**
 * Writes statuses in one statement, with a change of part `status` for each that differs from what is stored; an object that
 * is gone is left out. For the scheduler, inside its epoch's transaction. Returns the uids whose status changed.
 */
export async function writeStatuses(
  tx: Tx,
  writer: Writer,
  statuses: ReadonlyMap<string, ResourceStatus>,
): Promise<string[]> {
  authorise(writer.actor, "controller.write");
  if (statuses.size === 0) return [];
  const { rows } = await tx.query<{ uid: string }>(
    `WITH given AS (
       SELECT x.uid, x.status, r."group", r.kind, r.name
       FROM jsonb_to_recordset($1::jsonb) AS x(uid uuid, status jsonb) JOIN resource r ON r.uid = x.uid
     ), written AS (
       INSERT INTO resource_status AS s (uid, status) SELECT uid, status FROM given ORDER BY uid
       ON CONFLICT (uid) DO UPDATE SET status = excluded.status, updated_at = now(),
         lifecycle_since = CASE WHEN s.lifecycle = excluded.status ->> 'lifecycle' THEN s.lifecycle_since ELSE now() END
       WHERE s.status <> excluded.status
       RETURNING uid
     ), told AS (
       INSERT INTO change (uid, "group", kind, name, part)
       SELECT uid, "group", kind, name, 'status' FROM given JOIN written USING (uid)
     ) SELECT uid FROM written`,
    [JSON.stringify([...statuses].map(([uid, status]) => ({ uid, status })))],
  );
  return rows.map((row) => row.uid);
}
