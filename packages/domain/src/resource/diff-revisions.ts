import type { FieldChange, ResourceRef } from "@slipway/contracts";
import { differences } from "../canonical.ts";
import type { Context } from "../context.ts";
import { withImpact } from "./field-impact.ts";
import { getRevision } from "./list-revisions.ts";

export type RevisionDifference = { fields: FieldChange[]; fromManifest: string; toManifest: string };

/** What differs between two revisions: the fields of their specs with what each change does to what runs, and the texts that they came from. */
export async function diffRevisions(
  ctx: Context,
  { ref, from, to }: { ref: ResourceRef; from: number; to: number },
): Promise<RevisionDifference> {
  const [older, newer] = [await getRevision(ctx, ref, from), await getRevision(ctx, ref, to)];
  return {
    fields: withImpact(ref.kind, differences(older.spec, newer.spec, "spec")),
    fromManifest: older.manifest,
    toManifest: newer.manifest,
  };
}
