import {
  BUILT_IN_VIEWS,
  SAVED_VIEWS_LIMIT,
  type SavedView,
  type SavedViewPage,
  SlipwayError,
  savedView,
  savedViewName,
  savedViewQuery,
} from "@slipway/contracts";
import { transaction } from "@slipway/db";
import { actorName, authorise } from "../actor.ts";
import type { Context } from "../context.ts";

export type KeepView = { page: SavedViewPage; name: string; query: string };

/**
 * Keeps a view under a name; one that the actor keeps under that name already is replaced. A view is a bookmark of one
 * person: it concerns no object and nobody else, so the audit does not name it.
 * @throws view/name_taken for the name of a view that everybody has, view/too_many
 */
export async function keepView(ctx: Context, input: KeepView): Promise<SavedView> {
  authorise(ctx.actor, "view.keep");
  const name = savedViewName.parse(input.name);
  const query = savedViewQuery.parse(input.query);
  const { page } = input;
  if (BUILT_IN_VIEWS[page].some((view) => view.name.toLowerCase() === name.toLowerCase())) {
    throw new SlipwayError("view/name_taken", { name }, { field: "name" });
  }
  const actor = actorName(ctx.actor);
  return transaction(ctx.db, async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`saved_view ${actor} ${page}`]);
    const { rows: kept } = await tx.query<{ name: string }>(
      "SELECT name FROM saved_view WHERE actor = $1 AND page = $2",
      [actor, page],
    );
    if (kept.length >= SAVED_VIEWS_LIMIT && !kept.some((view) => view.name === name)) {
      throw new SlipwayError("view/too_many", { limit: SAVED_VIEWS_LIMIT });
    }
    const { rows } = await tx.query(
      `INSERT INTO saved_view (id, actor, page, name, query) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (actor, page, name) DO UPDATE SET query = excluded.query RETURNING id, name, query`,
      [ctx.random.uuid(), actor, page, name, query],
    );
    return savedView.parse(rows[0]);
  });
}
