import type { ResourceRef, ResourceView } from "@slipway/contracts";
import type { Context } from "../context.ts";
import { changeSpec } from "./change-spec.ts";
import type { Expected } from "./check-write.ts";
import { readRevision } from "./list-revisions.ts";

export type RollBack = { ref: ResourceRef; to: number; expected?: Expected; message?: string };

/**
 * Goes back to an earlier revision by going forward: a new one with exactly its spec, its manifest and what it resolved to,
 * so that the same bytes are loaded. Name, title and labels stay as they are.
 * @throws resource/revision_not_found, resource/not_found, resource/conflict, manifest/invalid when it is no longer allowed
 */
export function rollBack(ctx: Context, { to, message, ...input }: RollBack): Promise<ResourceView> {
  const change = {
    ...input,
    action: "rollback",
    source: "rollback" as const,
    message: message ?? `Back to revision ${to}`,
  };
  return changeSpec(ctx, change, async (current, tx) => {
    const { spec, manifest, resolution } = await readRevision(tx, current, to);
    return { spec, manifest, resolution };
  });
}
