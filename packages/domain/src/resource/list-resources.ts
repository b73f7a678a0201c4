import { isStorable, type KindName, type ResourceView } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { readPosition, writePosition } from "../keyset.ts";
import { resourceRow, SELECT_RESOURCES, toResourceView } from "./resource-row.ts";

export const LIST_LIMIT = 1_000;

export type ListResources = {
  kind: KindName;
  /** `*` = every group that the actor may see. */
  group: string;
  /** Only those that have all of these. */
  labels?: Record<string, string>;
  /** Only those whose name or title contains it, whatever the case. */
  search?: string;
  /** How many at most, up to 1,000. */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
};

const position = z.tuple([z.string().refine(isStorable), z.string().refine(isStorable)]);

/**
 * A page of the resources of a kind, by group and name. What is created or deleted between two pages moves no other one from
 * its place.
 */
export async function listResources(
  ctx: Context,
  input: ListResources,
): Promise<{ items: ResourceView[]; next: string | null }> {
  authorise(ctx.actor, "resource.read");
  const limit = Math.min(input.limit ?? 100, LIST_LIMIT);
  const [afterGroup, afterName] = input.after === undefined ? ["", ""] : readPosition(position, input.after);
  const { rows } = await ctx.db.pool.query(
    `${SELECT_RESOURCES}
     WHERE r.kind = $1 AND ($2 = '*' OR r."group" = $2) AND (r."group", r.name) > ($3, $4) AND r.labels @> $5::jsonb
       AND ($6 = '' OR position(lower($6) IN lower(r.name)) > 0 OR position(lower($6) IN lower(coalesce(r.title, ''))) > 0)
     ORDER BY r."group", r.name LIMIT $7`,
    [input.kind, input.group, afterGroup, afterName, JSON.stringify(input.labels ?? {}), input.search ?? "", limit + 1],
  );
  const found = z.array(resourceRow).parse(rows);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { items: page.map(toResourceView), next: last === undefined ? null : writePosition([last.group, last.name]) };
}
