import { isStorable, type RegisteredModelView, SlipwayError } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { readPosition, writePosition } from "../keyset.ts";
import { modelRow, SELECT_MODELS } from "./model-row.ts";
import type { ModelRef } from "./registry-context.ts";

export const MODELS_LIMIT = 200;

export type ListModels = {
  /** `*` = every group that the actor may see. */
  group: string;
  /** Only those whose name, description or an alias contains it, whatever the case. */
  search?: string;
  /** How many at most, up to 200. */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
};

const position = z.tuple([z.string().refine(isStorable), z.string().refine(isStorable)]);

/** A page of the registered models, by group and name. */
export async function listModels(
  ctx: Context,
  input: ListModels,
): Promise<{ items: RegisteredModelView[]; next: string | null }> {
  authorise(ctx.actor, "registry.read");
  const limit = Math.min(input.limit ?? 50, MODELS_LIMIT);
  const [afterGroup, afterName] = input.after === undefined ? ["", ""] : readPosition(position, input.after);
  const { rows } = await ctx.db.pool.query(
    `${SELECT_MODELS}
     WHERE ($1 = '*' OR m."group" = $1) AND (m."group", m.name) > ($2, $3)
       AND ($4 = '' OR position(lower($4) IN lower(m.name)) > 0 OR position(lower($4) IN lower(m.description)) > 0
         OR EXISTS (SELECT FROM model_alias a WHERE a.model_id = m.id AND position(lower($4) IN a.alias) > 0))
     ORDER BY m."group", m.name LIMIT $5`,
    [input.group, afterGroup, afterName, input.search ?? "", limit + 1],
  );
  const found = z.array(modelRow).parse(rows);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : writePosition([last.group, last.name]) };
}

/** One of them. @throws registry/model_not_found */
export async function getModel(ctx: Context, { group, model }: ModelRef): Promise<RegisteredModelView> {
  authorise(ctx.actor, "registry.read");
  const { rows } = await ctx.db.pool.query(`${SELECT_MODELS} WHERE m."group" = $1 AND m.name = $2`, [group, model]);
  if (rows.length === 0) throw new SlipwayError("registry/model_not_found", { model });
  return modelRow.parse(rows[0]);
}
