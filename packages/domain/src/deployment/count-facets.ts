import { ATTENTION_REASONS, type DeploymentFacets, FACET_NAMES, type FacetName } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { ATTENTION_SQL, EXPIRING_SQL, entrySql } from "./deployment-entry.ts";
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
  const conditions = facetConditions(filter, parameters, stuck);
  const passes = FACET_NAMES.map((facet) => `(${conditions.get(facet) ?? "true"}) IS TRUE AS passes_${facet}`);
  const reasons = ATTENTION_REASONS.map((reason) => `${ATTENTION_SQL[reason](stuck)} AS is_${reason}`);
  const sql = `
    WITH expiring AS MATERIALIZED (${EXPIRING_SQL}),
    entry AS MATERIALIZED (
      SELECT e.lifecycle, e.health, e.environment, e.visibility, e.format, e.labels,
             ${passes.join(", ")}, ${reasons.join(", ")}
      FROM (${entrySql(scopeConditions(filter, parameters))}) e
    )
    SELECT 'total' AS facet, NULL AS value, count(*)::int AS count FROM entry e WHERE ${passesAllBut(null)}
    ${PLAIN_FACETS.map(plainFacetSql).join("")}
    UNION ALL (
      SELECT 'labels', l.key || '=' || l.value, count(*)::int FROM entry e, jsonb_each_text(e.labels) l
      WHERE ${passesAllBut("labels")} GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT ${LABEL_VALUES}
    )
    UNION ALL (
      SELECT 'attention', a.value, a.count::int
      FROM (
        SELECT count(*) FILTER (WHERE ${ATTENTION_REASONS.map((reason) => `e.is_${reason}`).join(" OR ")}) AS "any",
               ${ATTENTION_REASONS.map((reason) => `count(*) FILTER (WHERE e.is_${reason}) AS "${reason}"`).join(", ")}
        FROM entry e WHERE ${passesAllBut("attention")}
      ) c, LATERAL (VALUES ('any', c."any"), ${ATTENTION_REASONS.map((reason) => `('${reason}', c."${reason}")`).join(", ")}) a(value, count)
      WHERE a.count > 0 ORDER BY 3 DESC, 2
    )`;
  return { sql, values: parameters.values };
}

function plainFacetSql(facet: FacetName): string {
  return `
    UNION ALL (SELECT '${facet}', e.${facet}, count(*)::int FROM entry e WHERE ${passesAllBut(facet)} GROUP BY 2 ORDER BY 3 DESC, 2)`;
}

function passesAllBut(left: FacetName | null): string {
  return FACET_NAMES.filter((facet) => facet !== left)
    .map((facet) => `e.passes_${facet}`)
    .join(" AND ");
}
