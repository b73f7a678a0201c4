import { type GroupView, groupView } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";

/** Groups that one answer holds at most. */
export const GROUPS_LIMIT = 1_000;

/**
 * The groups that have an object one may see, by name, with how many of each kind. A group without any does not exist:
 * the first object of its name makes it.
 * @throws auth/forbidden
 */
export async function listGroups(ctx: Context): Promise<{ items: GroupView[] }> {
  authorise(ctx.actor, "resource.read");
  const { rows } = await ctx.db.pool.query(
    `SELECT "group" AS name,
            count(*) FILTER (WHERE kind = 'Deployment')::int AS deployments,
            count(*) FILTER (WHERE kind = 'Model')::int AS models,
            count(*) FILTER (WHERE kind = 'Server')::int AS servers
     FROM resource WHERE owner_uid IS NULL GROUP BY "group" ORDER BY "group" LIMIT $1`,
    [GROUPS_LIMIT],
  );
  return { items: z.array(groupView).parse(rows) };
}
