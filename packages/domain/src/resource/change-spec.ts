import {
  invalidManifest,
  manifestValue,
  parseManifest,
  type Resolution,
  type ResourceRef,
  type ResourceView,
  type RevisionSource,
  resolvedModel,
  SlipwayError,
} from "@slipway/contracts";
import { type Tx, transaction } from "@slipway/db";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { requireRoom } from "../require-room.ts";
import { checkWrite, type Expected } from "./check-write.ts";
import { manifestText } from "./manifest-text.ts";
import { findResources, type ResourceRow, toResourceView } from "./resource-row.ts";
import { type ResourceWrite, writeResources } from "./write-resources.ts";

export type SpecChange = {
  ref: ResourceRef;
  expected?: Expected;
  action: string;
  source: RevisionSource;
  message?: string;
};

/** The spec that a verb wants instead, perhaps with a manifest and a resolution that are known already. */
export type NextSpec = { spec: Record<string, unknown>; manifest?: string; resolution?: Record<string, unknown> };

/**
 * The one way in which a verb changes a part of a spec: locks the resource, asks for its next spec, checks that against the
 * kind's schema, and writes it.
 * @throws resource/not_found, platform/disk_full and what `checkWrite` throws
 */
export async function changeSpec(
  ctx: Context,
  { ref, expected = {}, action, source, message = "" }: SpecChange,
  next: (current: ResourceRow, tx: Tx) => NextSpec | Promise<NextSpec>,
): Promise<ResourceView> {
  authorise(ctx.actor, "resource.write");
  await requireRoom(ctx);
  return transaction(ctx.db, async (tx) => {
    const [current] = await findResources(tx, [ref], { lock: true });
    if (current === undefined) throw new SlipwayError("resource/not_found", { kind: ref.kind, name: ref.name });
    checkWrite(ctx.actor, ref, current, expected);
    const write = toWrite(current, await next(current, tx));
    const { written } = await writeResources(tx, ctx, { action, source, message }, [write]);
    return toResourceView(written[0]?.row ?? current);
  });
}

/** The references to registered models in what a revision resolved to; the rest tells only what was loaded. */
function readResolution(stored: Record<string, unknown>): Resolution {
  const entries = Object.entries(stored).flatMap(([variant, value]) => {
    const model = resolvedModel.safeParse(value);
    return model.success ? [[variant, model.data] as const] : [];
  });
  return Object.fromEntries(entries);
}

function toWrite(current: ResourceRow, { spec, manifest, resolution }: NextSpec): ResourceWrite {
  const desired = {
    ...current,
    spec,
    resolution: resolution === undefined ? current.resolution : readResolution(resolution),
  };
  const parsed = parseManifest(manifestValue(desired));
  if (!parsed.ok) throw invalidManifest(parsed.problems);
  const text = manifest ?? manifestText(desired);
  return { current, desired, manifest: text, ...(resolution === undefined ? {} : { resolution }) };
}
