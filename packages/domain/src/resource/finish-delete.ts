import type { Tx } from "@slipway/db";
import * as z from "zod";
import { authorise } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { writeChanges } from "../change/write-changes.ts";
import type { Writer } from "../context.ts";
import { announceUses } from "../registry/record-model-change.ts";
import { forgetUses } from "../registry/write-uses.ts";
import { type ResourceRow, resourceRow, SELECT_RESOURCES } from "./resource-row.ts";

/** Tables whose rows belong to a resource and end with it. Revisions, events and the audit outlive it. */
const DEPENDENTS = ["resource_status", "rollout"] as const;

/**
 * Removes the rows of deleted resources and of what they own, whose replicas are released; their names are free then. For
 * the scheduler, inside its epoch's transaction. A resource that is not marked as deleted, or whose model or server still has
 * a placement, is left. Returns the uids of all that went.
 */
export async function finishDelete(tx: Tx, writer: Writer, uids: readonly string[]): Promise<string[]> {
  authorise(writer.actor, "controller.write");
  const family = z.array(resourceRow).parse(
    (
      await tx.query(
        `${SELECT_RESOURCES}
         WHERE (r.uid = ANY($1::uuid[]) AND r.deleted_at IS NOT NULL)
            OR (r.owner_uid = ANY($1::uuid[]) AND o.deleted_at IS NOT NULL)
         ORDER BY r."group", r.kind, r.name FOR UPDATE OF r`,
        [uids],
      )
    ).rows,
  );
  const { rows } = await tx.query<{ uid: string }>(
    "SELECT model_uid AS uid FROM placement WHERE model_uid = ANY($1::uuid[]) UNION SELECT server_uid FROM placement WHERE server_uid = ANY($1::uuid[])",
    [family.map((row) => row.uid)],
  );
  const going = released(family, new Set(rows.map((row) => row.uid)));
  await removeRows(tx, writer, going);
  return going.map((row) => row.uid);
}

/** Those that are not held themselves and own nothing that is. */
function released(family: readonly ResourceRow[], held: ReadonlySet<string>): ResourceRow[] {
  const heldOwners = new Set(family.filter((row) => held.has(row.uid)).flatMap((row) => row.ownerUid ?? []));
  return family.filter(({ uid }) => !held.has(uid) && !heldOwners.has(uid));
}

async function removeRows(tx: Tx, writer: Writer, rows: readonly ResourceRow[]): Promise<void> {
  if (rows.length === 0) return;
  const uids = [rows.map((row) => row.uid)];
  for (const table of DEPENDENTS) await tx.query(`DELETE FROM ${table} WHERE uid = ANY($1::uuid[])`, uids);
  const uses = await forgetUses(
    tx,
    rows.map((row) => row.uid),
  );
  await tx.query("DELETE FROM client_token WHERE deployment_uid = ANY($1::uuid[])", uids);
  await tx.query("DELETE FROM resource WHERE uid = ANY($1::uuid[])", uids);
  await writeChanges(
    tx,
    rows.map((row) => ({ ...row, part: "spec" as const })),
  );
  await announceUses(tx, [...new Set(uses.map(({ modelId }) => modelId))]);
  await writeAudit(
    tx,
    writer,
    rows.map((row) => ({ ...row, action: `${row.kind.toLowerCase()}.remove`, message: "", diff: [] })),
  );
}
