import type { Tx } from "@slipway/db";
import { writeAudit } from "../audit/write-audit.ts";
import type { FieldDifference } from "../canonical.ts";
import type { Writer } from "../context.ts";
import type { ModelRef } from "./registry-context.ts";

/** How a registered model stands in the audit. */
export const REGISTERED_MODEL = "RegisteredModel";

/** Says in the transaction that does it who did what to a registered model. */
export function auditModel(
  tx: Tx,
  writer: Writer,
  { group, model, id }: ModelRef & { id: string },
  { action, diff, message = "" }: { action: string; diff: FieldDifference[]; message?: string },
): Promise<void> {
  const object = { group, kind: REGISTERED_MODEL, name: model, uid: id };
  return writeAudit(tx, writer, [{ ...object, action: `registered_model.${action}`, message, diff }]);
}
