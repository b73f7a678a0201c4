import { type ResourceRef, SlipwayError } from "@slipway/contracts";
import type { Context } from "../context.ts";

/**
 * The uid that a name stands for: that of the resource, else of the last one that had the name, so that the history of a
 * deleted resource can still be read. @throws resource/not_found when nothing ever had it
 */
export async function findUid(ctx: Context, ref: ResourceRef): Promise<string> {
  const where = { group: ref.group, kind: ref.kind, name: ref.name };
  const living = await ctx.db.prisma.resource.findFirst({ where, select: { uid: true } });
  const found =
    living ??
    (await ctx.db.prisma.revision.findFirst({ where, orderBy: { createdAt: "desc" }, select: { uid: true } }));
  if (found === null) throw new SlipwayError("resource/not_found", { kind: ref.kind, name: ref.name });
  return found.uid;
}
