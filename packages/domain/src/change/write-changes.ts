import type { ChangePart, ChangePlace, Tx } from "@slipway/db";
import * as z from "zod";

export type ChangedObject = { uid: string; group: string; kind: string; name: string; part: ChangePart };

const placeRow = z.object({ xid: z.string(), seq: z.string() });

/** Adds to the change feed what this transaction writes, and returns the place of the last change; null for none. */
export async function writeChanges(tx: Tx, objects: readonly ChangedObject[]): Promise<ChangePlace | null> {
  if (objects.length === 0) return null;
  const { rows } = await tx.query(
    `WITH written AS (
       INSERT INTO change (uid, "group", kind, name, part)
       SELECT uid, "group", kind, name, part
       FROM jsonb_to_recordset($1::jsonb) AS x(uid uuid, "group" text, kind text, name text, part text)
       RETURNING xid, seq
     ) SELECT xid::text, max(seq)::text AS seq FROM written GROUP BY xid`,
    [JSON.stringify(objects.map(({ uid, group, kind, name, part }) => ({ uid, group, kind, name, part })))],
  );
  return placeRow.parse(rows[0]);
}
