import { type KindName, SlipwayError } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import { authorise } from "../actor.ts";
import type { Writer } from "../context.ts";
import { manifestText } from "./manifest-text.ts";
import { markDeleted } from "./mark-deleted.ts";
import { findResources, type ResourceRow, refKey, resourceRow, SELECT_RESOURCES } from "./resource-row.ts";
import { type Written, writeResources } from "./write-resources.ts";

/** A resource that a controller compiles from another one. */
export type Child = {
  group: string;
  kind: KindName;
  /** `<owner>.<variant>` */
  name: string;
  /** With its defaults applied, as the kind's schema gives it. */
  spec: object;
  owner: { uid: string; generation: number };
};

/**
 * Writes compiled children in one go; for the scheduler, inside its epoch's transaction. Each gets its owner, the owner's
 * generation, a revision of source `controller`, a change and an audit entry; an equal one is left alone. A child that is
 * still being deleted, or whose name belongs to another owner, is left out of the answer: it is tried again when that is gone.
 */
export async function writeChildren(tx: Tx, writer: Writer, children: readonly Child[]): Promise<Written[]> {
  authorise(writer.actor, "controller.write");
  const rows = await findResources(tx, children, { lock: true });
  const byKey = new Map(rows.map((row) => [refKey(row), row]));
  const writes = children.flatMap((child) => {
    const current = byKey.get(refKey(child)) ?? null;
    if (current !== null && (current.deletedAt !== null || current.ownerUid !== child.owner.uid)) return [];
    const spec: Record<string, unknown> = JSON.parse(JSON.stringify(child.spec));
    const { group, kind, name } = child;
    const desired = {
      ...{ group, kind, name, title: null, labels: {}, annotations: {}, spec },
      ...{ ownerUid: child.owner.uid, ownerGeneration: child.owner.generation, resolution: {} },
    };
    return [{ current, desired, manifest: manifestText(desired) }];
  });
  const { written } = await writeResources(
    tx,
    writer,
    { action: "compile", source: "controller", message: "" },
    writes,
  );
  return written;
}

/** Marks children as deleted that their owner no longer has; for the scheduler, inside its epoch's transaction. */
export async function deleteChildren(tx: Tx, writer: Writer, uids: readonly string[]): Promise<void> {
  authorise(writer.actor, "controller.write");
  const { rows } = await tx.query(
    `${SELECT_RESOURCES} WHERE r.uid = ANY($1::uuid[]) ORDER BY r."group", r.kind, r.name FOR UPDATE OF r`,
    [uids],
  );
  const found: ResourceRow[] = rows.map((row) => resourceRow.parse(row));
  const foreign = found.find((row) => row.ownerUid === null);
  if (foreign !== undefined) {
    throw new SlipwayError("internal", {}, { cause: new Error(`${foreign.kind} ${foreign.name} is nobody's child`) });
  }
  await markDeleted(tx, writer, found);
}
