import { type ModelVersionView, SlipwayError } from "@slipway/contracts";
import type { Db, Tx } from "@slipway/db";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { readPosition, writePosition } from "../keyset.ts";
import { getModel } from "./list-models.ts";
import { SELECT_VERSIONS, versionRow } from "./model-row.ts";
import type { ModelRef } from "./registry-context.ts";

export const VERSIONS_LIMIT = 200;

export type ListVersions = ModelRef & { limit?: number; after?: string };

const position = z.tuple([z.coerce.number().int().min(1).max(2_147_483_647)]);

/** A page of a model's versions, the latest first. @throws registry/model_not_found */
export async function listVersions(
  ctx: Context,
  { limit = 50, after, ...ref }: ListVersions,
): Promise<{ items: ModelVersionView[]; next: string | null }> {
  await getModel(ctx, ref);
  const [below] = after === undefined ? [null] : readPosition(position, after);
  const most = Math.min(limit, VERSIONS_LIMIT);
  const { rows } = await ctx.db.pool.query(
    `${SELECT_VERSIONS} WHERE m."group" = $1 AND m.name = $2 AND ($3::int IS NULL OR v.version < $3)
     ORDER BY v.version DESC LIMIT $4`,
    [ref.group, ref.model, below, most + 1],
  );
  const found = z.array(versionRow).parse(rows);
  const items = found.slice(0, most);
  const last = found.length > most ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : writePosition([String(last.version)]) };
}

/** One version. @throws registry/model_not_found, registry/version_not_found */
export async function getVersion(ctx: Context, ref: ModelRef & { version: number }): Promise<ModelVersionView> {
  authorise(ctx.actor, "registry.read");
  await getModel(ctx, ref);
  return readVersion(ctx.db.pool, ref);
}

/** The same for whoever knows that the model is there, also inside a transaction. @throws registry/version_not_found */
export async function readVersion(
  on: Tx | Db["pool"],
  { group, model, version }: ModelRef & { version: number },
): Promise<ModelVersionView> {
  const { rows } = await on.query(`${SELECT_VERSIONS} WHERE m."group" = $1 AND m.name = $2 AND v.version = $3`, [
    group,
    model,
    version,
  ]);
  if (rows.length === 0) throw new SlipwayError("registry/version_not_found", { model, version });
  return versionRow.parse(rows[0]);
}
