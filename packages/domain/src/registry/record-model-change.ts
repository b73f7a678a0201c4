import { REGISTERED_MODEL } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import * as z from "zod";
import { writeAudit } from "../audit/write-audit.ts";
import type { FieldDifference } from "../canonical.ts";
import { writeChanges } from "../change/write-changes.ts";
import type { Writer } from "../context.ts";
import type { ModelRef } from "./registry-context.ts";

/** Says in the transaction that does it who did what to a registered model, and tells the change feed. */
export async function recordModelChange(
  tx: Tx,
  writer: Writer,
  { group, model, id }: ModelRef & { id: string },
  { action, diff, message = "" }: { action: string; diff: FieldDifference[]; message?: string },
): Promise<void> {
  const object = { group, kind: REGISTERED_MODEL, name: model, uid: id };
  await writeChanges(tx, [{ ...object, part: "spec" }]);
  await writeAudit(tx, writer, [{ ...object, action: `registered_model.${action}`, message, diff }]);
}

const keyRow = z.object({ uid: z.string(), group: z.string(), name: z.string() });

/** Tells the change feed that these models are deployed elsewhere than before. The models themselves did not change. */
export async function announceUses(tx: Tx, modelIds: readonly string[]): Promise<void> {
  if (modelIds.length === 0) return;
  const { rows } = await tx.query(
    `SELECT id AS uid, "group", name FROM registered_model WHERE id = ANY($1::uuid[]) ORDER BY id`,
    [modelIds],
  );
  const models = z.array(keyRow).parse(rows);
  await writeChanges(
    tx,
    models.map((model) => ({ ...model, kind: REGISTERED_MODEL, part: "control" })),
  );
}
