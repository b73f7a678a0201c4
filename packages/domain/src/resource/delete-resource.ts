import { type ResourceRef, type ResourceView, SlipwayError } from "@slipway/contracts";
import { transaction } from "@slipway/db";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { checkWrite, type Expected } from "./check-write.ts";
import { markDeleted } from "./mark-deleted.ts";
import { findResources, toResourceView } from "./resource-row.ts";

export type DeleteResource = { ref: ResourceRef; expected?: Expected; message?: string };

/**
 * Marks a resource as deleted: its requests end, its replicas go, and then the row. Until then its name is taken.
 * Deleting it once more answers the same.
 * @throws resource/not_found, resource/conflict, resource/owned
 */
export async function deleteResource(ctx: Context, input: DeleteResource): Promise<ResourceView> {
  authorise(ctx.actor, "resource.delete");
  const { ref, expected = {}, message = "" } = input;
  return transaction(ctx.db, async (tx) => {
    const [current] = await findResources(tx, [ref], { lock: true });
    if (current === undefined) throw new SlipwayError("resource/not_found", { kind: ref.kind, name: ref.name });
    const again = current.deletedAt !== null && (expected.uid === undefined || expected.uid === current.uid);
    if (again) return toResourceView(current);
    checkWrite(ctx.actor, ref, current, expected);
    await markDeleted(tx, ctx, [current], message);
    const [marked] = await findResources(tx, [ref], { lock: false });
    return toResourceView(marked ?? current);
  });
}
