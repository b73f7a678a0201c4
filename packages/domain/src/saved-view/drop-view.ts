import { type SavedView, SlipwayError, savedView } from "@slipway/contracts";
import { actorName, authorise } from "../actor.ts";
import type { Context } from "../context.ts";

/** Removes a view that the actor keeps, and returns it, so that it can be kept again. @throws view/not_found */
export async function dropView(ctx: Context, { id }: { id: string }): Promise<SavedView> {
  authorise(ctx.actor, "view.keep");
  const { rows } = await ctx.db.pool.query(
    "DELETE FROM saved_view WHERE id = $1 AND actor = $2 RETURNING id, name, query",
    [id, actorName(ctx.actor)],
  );
  if (rows.length === 0) throw new SlipwayError("view/not_found", {});
  return savedView.parse(rows[0]);
}
