import type { Tx } from "@slipway/db";
import { actorName } from "../actor.ts";
import type { FieldDifference } from "../canonical.ts";
import type { Writer } from "../context.ts";

export type AuditEntry = {
  action: string;
  group: string;
  kind: string;
  name: string;
  uid: string | null;
  message: string;
  /** Never holds a secret: specs have none, and tokens are audited without themselves. */
  diff: FieldDifference[];
};

/** Says in the transaction that does it who did what. */
export async function writeAudit(tx: Tx, writer: Writer, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ action, group, kind, name, uid, message, diff }) => ({
    ...{ action, group, kind, name, uid, message, diff },
    id: writer.random.uuid(),
  }));
  await tx.query(
    `INSERT INTO audit (id, actor, request_id, action, "group", kind, name, uid, message, diff)
     SELECT id, $2, $3, action, "group", kind, name, uid, message, diff
     FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, action text, "group" text, kind text, name text, uid uuid, message text, diff jsonb)`,
    [JSON.stringify(rows), actorName(writer.actor), writer.requestId],
  );
}
