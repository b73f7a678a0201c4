import type { DeploymentOrder } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { entrySql, expiringSql } from "./deployment-entry.ts";
import { type DeploymentFilter, facetConditions, Parameters, scopeConditions } from "./deployment-filter.ts";
import { orderSql, readPlace, writePlace } from "./deployment-order.ts";

export const DEPLOYMENTS_LIMIT = 1_000;
const DEFAULT_LIMIT = 50;

export type ListDeployments = DeploymentFilter & {
  /** `name` if unsaid. */
  order?: DeploymentOrder;
  /** How many at most, up to 1,000; 50 if unsaid. */
  limit?: number;
  /** `next` of the page before; it belongs to its order. */
  after?: string;
};

const entry = z.object({
  uid: z.string(),
  group: z.string(),
  name: z.string(),
  key: z.string(),
});
export type PageEntry = z.output<typeof entry>;

/**
 * Which deployments stand on a page, in their order, and where the next page begins. Those whose key stays the same are met
 * exactly once on the way through all pages, whatever else is created or deleted meanwhile.
 * @throws auth/forbidden, request/invalid for a place that no list of this order gave
 */
export async function findPage(
  ctx: Context,
  input: ListDeployments,
): Promise<{ entries: PageEntry[]; next: string | null }> {
  authorise(ctx.actor, "resource.read");
  const limit = Math.min(input.limit ?? DEFAULT_LIMIT, DEPLOYMENTS_LIMIT);
  const order = input.order ?? "name";
  const { sql, values } = pageStatement(input, order, limit + 1);
  const { rows } = await ctx.db.pool.query(sql, values);
  const found = z.array(entry).parse(rows);
  const entries = found.slice(0, limit);
  const last = found.length > limit ? entries.at(-1) : undefined;
  return { entries, next: last === undefined ? null : writePlace(order, last) };
}

/**
 * The statement of a page; a bench explains it too. It reads no column but those that narrow and sort, so that the database
 * joins only what these need and finds them in indexes; what a line shows is read of the lines of the page alone.
 */
export function pageStatement(
  input: ListDeployments,
  order: DeploymentOrder,
  rows: number,
): { sql: string; values: unknown[] } {
  const parameters = new Parameters();
  const { key, orderBy, after } = orderSql(order);
  const conditions = [...facetConditions(input, parameters).values()];
  if (input.after !== undefined) conditions.push(after(readPlace(order, input.after), parameters));
  const sql = `
    WITH expiring AS MATERIALIZED (${expiringSql()})
    SELECT e.uid, e."group", e.name, (${key})::text AS key
    FROM (${entrySql(scopeConditions(input, parameters))}) e
    ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`}
    ORDER BY ${orderBy} LIMIT ${parameters.add(rows)}`;
  return { sql, values: parameters.values };
}
