import { type EventView, eventView, type ResourceRef } from "@slipway/contracts";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { findUid } from "../resource/find-uid.ts";

export const EVENTS_LIMIT = 200;

/** What happened to a resource and to what it owns, the latest first, at most 200. @throws resource/not_found */
export async function listEvents(ctx: Context, ref: ResourceRef): Promise<EventView[]> {
  authorise(ctx.actor, "resource.read");
  const uid = await findUid(ctx, ref);
  const children = await ctx.db.prisma.resource.findMany({ where: { ownerUid: uid }, select: { uid: true } });
  const rows = await ctx.db.prisma.event.findMany({
    where: { uid: { in: [uid, ...children.map((child) => child.uid)] } },
    orderBy: { lastAt: "desc" },
    take: EVENTS_LIMIT,
  });
  return rows.map((row) =>
    eventView.parse({ ...row, firstAt: row.firstAt.toISOString(), lastAt: row.lastAt.toISOString() }),
  );
}
