import type { Tx } from "@slipway/db";
import { writeAudit } from "../audit/write-audit.ts";
import { writeChanges } from "../change/write-changes.ts";
import type { Writer } from "../context.ts";
import type { ResourceRow } from "./resource-row.ts";

/** Marks locked rows as deleted, with change and audit; those that are already stay as they are. */
export async function markDeleted(tx: Tx, writer: Writer, rows: readonly ResourceRow[], message = ""): Promise<void> {
  const living = rows.filter((row) => row.deletedAt === null);
  if (living.length === 0) return;
  await tx.query(
    "UPDATE resource SET deleted_at = now(), updated_at = now(), version = version + 1 WHERE uid = ANY($1::uuid[])",
    [living.map((row) => row.uid)],
  );
  await writeChanges(
    tx,
    living.map((row) => ({ ...row, part: "spec" as const })),
  );
  await writeAudit(
    tx,
    writer,
    living.map((row) => ({ ...row, action: `${row.kind.toLowerCase()}.delete`, message, diff: [] })),
  );
}
