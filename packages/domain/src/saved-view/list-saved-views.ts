import { BUILT_IN_VIEWS, type SavedView, type SavedViewPage, savedView } from "@slipway/contracts";
import * as z from "zod";
import { actorName, authorise } from "../actor.ts";
import type { Context } from "../context.ts";

/** The views of a page: those that everybody has, then those that the actor keeps, by name. */
export async function listSavedViews(ctx: Context, { page }: { page: SavedViewPage }): Promise<SavedView[]> {
  authorise(ctx.actor, "view.keep");
  const { rows } = await ctx.db.pool.query(
    "SELECT id, name, query FROM saved_view WHERE actor = $1 AND page = $2 ORDER BY name",
    [actorName(ctx.actor), page],
  );
  return [...BUILT_IN_VIEWS[page], ...z.array(savedView).parse(rows)];
}
