import { ATTENTION_REASONS, type DeploymentFacets, FACET_NAMES, type FacetName } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { ATTENTION_SQL, entrySql, expiringSql } from "./deployment-entry.ts";
import {
  type DeploymentFilter,
  facetConditions,
  Parameters,
  PLAIN_FACETS,
  scopeConditions,
  stuckMinutes,
} from "./deployment-filter.ts";

/** Values of labels that are counted; the most frequent come first. */
const LABEL_VALUES = 50;

const counted = z.object({ facet: z.enum([...FACET_NAMES, "total"]), value: z.string().nullable(), count: z.int() });

/**
 * How many deployments each choice of each facet would give beside what the other facets choose, and how many match all of
 * them; the largest first. One pass over the deployments in scope.
 * @throws auth/forbidden
 */
export async function countFacets(ctx: Context, filter: DeploymentFilter): Promise<DeploymentFacets> {
  authorise(ctx.actor, "resource.read");
  const { sql, values } = facetsStatement(filter);
  const { rows } = await ctx.db.pool.query(sql, values);
  const found = z.array(counted).parse(rows);
  const of = (facet: FacetName) =>
    found.flatMap((row) => (row.facet === facet && row.value !== null ? [{ value: row.value, count: row.count }] : []));
  return {
    total: found.find(({ facet }) => facet === "total")?.count ?? 0,
    facets: {
      lifecycle: of("lifecycle"),
      health: of("health"),
      environment: of("environment"),
      visibility: of("visibility"),
      format: of("format"),
      labels: of("labels"),
      attention: of("attention"),
    },
  };
}

/** The statement behind it; a bench explains it too. */
export function facetsStatement(filter: DeploymentFilter): { sql: string; values: unknown[] } {
  const parameters = new Parameters();
  const stuck = stuckMinutes(filter, parameters);
  const conditions = facetConditions(filter, parameters);
  const chosen = FACET_NAMES.filter((facet) => conditions.has(facet));
  const passes = chosen.map((facet) => `, (${conditions.get(facet)}) IS TRUE AS passes_${facet}`).join("");
  const reasons = ATTENTION_REASONS.map((reason) => `${ATTENTION_SQL[reason](stuck)} AS "is_${reason}"`).join(", ");
  const alike = [
    ...PLAIN_FACETS,
    ...ATTENTION_REASONS.map((reason) => `"is_${reason}"`),
    ...chosen.map((facet) => `passes_${facet}`),
  ].join(", ");
  const sql = `
    WITH expiring AS MATERIALIZED (${expiringSql()}),
    entry AS MATERIALIZED (
      SELECT ${PLAIN_FACETS.map((facet) => `e.${facet}`).join(", ")}, e.labels, ${reasons}${passes}
      FROM (${entrySql(scopeConditions(filter, parameters))}) e
    ),
    alike AS MATERIALIZED (SELECT ${alike}, count(*) AS size FROM entry GROUP BY ${alike}),
    counted AS (${countsSql(chosen)})
    SELECT v.facet, v.value, v.count::int FROM counted c, LATERAL (VALUES ${countedValues().join(", ")}) v(facet, value, count)
    WHERE v.facet IS NOT NULL AND (v.count > 0 OR v.facet = 'total')
    UNION ALL (
      SELECT 'labels', l.key || '=' || l.value, sum(e.size)::int
      FROM (SELECT e.labels, count(*) AS size FROM entry e WHERE ${passesAllBut("labels", chosen)} GROUP BY e.labels) e,
           jsonb_each_text(e.labels) l
      GROUP BY l.key, l.value ORDER BY 3 DESC, 2 LIMIT ${LABEL_VALUES}
    )
    ORDER BY 1, 3 DESC, 2`;
  return { sql, values: parameters.values };
}

/**
 * A row for each value of each plain facet, and one for all together with what is counted of reasons. Read from those that are
 * alike in all of it: thousands of deployments are some hundred kinds of line.
 */
function countsSql(chosen: readonly FacetName[]): string {
  const sum = (condition: string) => `coalesce(sum(e.size) FILTER (WHERE ${condition}), 0)`;
  const counts = PLAIN_FACETS.map((facet) => `${sum(passesAllBut(facet, chosen))} AS of_${facet}`);
  const isAny = ATTENTION_REASONS.map((reason) => `e."is_${reason}"`).join(" OR ");
  const attention = passesAllBut("attention", chosen);
  return `
      SELECT ${PLAIN_FACETS.map((facet) => `e.${facet}, grouping(e.${facet}) = 0 AS by_${facet}`).join(", ")}, ${counts.join(", ")},
             ${sum(passesAllBut(null, chosen))} AS of_total,
             ${sum(`${attention} AND (${isAny})`)} AS of_any,
             ${ATTENTION_REASONS.map((reason) => `${sum(`${attention} AND e."is_${reason}"`)} AS "of_${reason}"`).join(", ")}
      FROM alike e GROUP BY GROUPING SETS (${PLAIN_FACETS.map((facet) => `(e.${facet})`).join(", ")}, ())`;
}

/** What a row of the counts says, as facet, value and count; those of other rows have no facet. */
function countedValues(): string[] {
  const isAll = `NOT (${PLAIN_FACETS.map((facet) => `c.by_${facet}`).join(" OR ")})`;
  return [
    ...PLAIN_FACETS.map((facet) => `(CASE WHEN c.by_${facet} THEN '${facet}' END, c.${facet}, c.of_${facet})`),
    `(CASE WHEN ${isAll} THEN 'total' END, NULL, c.of_total)`,
    `(CASE WHEN ${isAll} THEN 'attention' END, 'any', c.of_any)`,
    ...ATTENTION_REASONS.map((reason) => `(CASE WHEN ${isAll} THEN 'attention' END, '${reason}', c."of_${reason}")`),
  ];
}

/** What passes all that is chosen but one facet. */
function passesAllBut(left: FacetName | null, chosen: readonly FacetName[]): string {
  const others = chosen.filter((facet) => facet !== left).map((facet) => `e.passes_${facet}`);
  return others.length === 0 ? "true" : others.join(" AND ");
}
