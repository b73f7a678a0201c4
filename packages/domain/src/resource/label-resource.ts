import {
  describeIssues,
  invalidManifest,
  labels,
  type ResourceRef,
  type ResourceView,
  SlipwayError,
} from "@slipway/contracts";
import { transaction } from "@slipway/db";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { checkWrite, type Expected } from "./check-write.ts";
import { manifestText } from "./manifest-text.ts";
import { findResources, toResourceView } from "./resource-row.ts";
import { writeResources } from "./write-resources.ts";

/** Labels to give, and names of labels to take away; one that is in both is given. */
export type LabelChange = { set: Record<string, string>; remove: readonly string[] };

export type LabelResource = LabelChange & { ref: ResourceRef; expected?: Expected; message?: string };

/**
 * Changes labels of a resource: version +1, no new generation, so nothing is loaded again. To take away one that is not there
 * changes nothing.
 * @throws resource/not_found, resource/conflict, resource/owned, manifest/invalid for labels that are none
 */
export async function labelResource(ctx: Context, input: LabelResource): Promise<ResourceView> {
  authorise(ctx.actor, "resource.write");
  const { ref, expected = {}, message = "" } = input;
  return transaction(ctx.db, async (tx) => {
    const [current] = await findResources(tx, [ref], { lock: true });
    if (current === undefined) throw new SlipwayError("resource/not_found", { kind: ref.kind, name: ref.name });
    checkWrite(ctx.actor, ref, current, expected);
    const desired = { ...current, labels: changedLabels(current.labels, input) };
    const reason = { action: "label", source: "api" as const, message };
    const { written } = await writeResources(tx, ctx, reason, [{ current, desired, manifest: manifestText(desired) }]);
    return toResourceView(written[0]?.row ?? current);
  });
}

function changedLabels(before: Record<string, string>, { set, remove }: LabelChange): Record<string, string> {
  const kept = Object.entries(before).filter(([key]) => !remove.includes(key));
  const wanted = { ...Object.fromEntries(kept), ...set };
  const parsed = labels.safeParse(wanted);
  if (!parsed.success) throw invalidManifest(describeIssues(parsed.error, wanted, ["labels"]));
  return parsed.data;
}
