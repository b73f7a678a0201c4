import type { ResourceRef } from "@slipway/contracts";
import { differences, type FieldDifference } from "../canonical.ts";
import type { Context } from "../context.ts";
import { getRevision } from "./list-revisions.ts";

export type RevisionDifference = { fields: FieldDifference[]; fromManifest: string; toManifest: string };

/** What differs between two revisions: the fields of their specs, and the texts that they came from. */
export async function diffRevisions(
  ctx: Context,
  { ref, from, to }: { ref: ResourceRef; from: number; to: number },
): Promise<RevisionDifference> {
  const [older, newer] = [await getRevision(ctx, ref, from), await getRevision(ctx, ref, to)];
  return {
    fields: differences(older.spec, newer.spec, "spec"),
    fromManifest: older.manifest,
    toManifest: newer.manifest,
  };
}
