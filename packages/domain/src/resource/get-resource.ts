import { type ResourceRef, type ResourceView, SlipwayError } from "@slipway/contracts";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { findResources, toResourceView } from "./resource-row.ts";

/** One resource with its status. @throws resource/not_found */
export async function getResource(ctx: Context, ref: ResourceRef): Promise<ResourceView> {
  authorise(ctx.actor, "resource.read");
  const [row] = await findResources(ctx.db.pool, [ref], { lock: false });
  if (row === undefined) throw new SlipwayError("resource/not_found", { kind: ref.kind, name: ref.name });
  return toResourceView(row);
}
