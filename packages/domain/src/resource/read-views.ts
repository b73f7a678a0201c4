import type { ResourceView } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { resourceRow, SELECT_RESOURCES, toResourceView } from "./resource-row.ts";

/** The resources of these uids, those that there are: what a reader of the change feed asks for. */
export async function readViews(ctx: Pick<Context, "actor" | "db">, uids: readonly string[]): Promise<ResourceView[]> {
  authorise(ctx.actor, "resource.read");
  const { rows } = await ctx.db.pool.query(`${SELECT_RESOURCES} WHERE r.uid = ANY($1::uuid[])`, [uids]);
  return z.array(resourceRow).parse(rows).map(toResourceView);
}
