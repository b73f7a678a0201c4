import { type AttentionReason, type FacetName, STUCK_AFTER_MINUTES } from "@slipway/contracts";
import { ATTENTION_SQL } from "./deployment-entry.ts";
import { readSearch } from "./search-text.ts";

/** Values of one facet: any of these, and none of those. Empty lists choose nothing. */
export type Choice = { any: readonly string[]; none: readonly string[] };

export type AttentionChoice = readonly (AttentionReason | "any")[];

export type DeploymentFilter = {
  /** `*` = every group that the actor may see. */
  group: string;
  /** A part of the name, title, uid, model or a label, whatever the case; or an endpoint's path. */
  search?: string;
  lifecycle?: Choice;
  health?: Choice;
  environment?: Choice;
  visibility?: Choice;
  format?: Choice;
  /** `team=growth`; several values of one label are alternatives, several labels all count. */
  labels?: Choice;
  /** Only those with one of these reasons. */
  attention?: AttentionChoice;
  /** How long on its way is stuck; 10 if unsaid. */
  stuckMinutes?: number;
};

/** Collects the values of a statement and gives each its place. */
export class Parameters {
  readonly values: unknown[] = [];
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** Facets that are a column of their own. */
export const PLAIN_FACETS = ["lifecycle", "health", "environment", "visibility", "format"] as const;

/** How long on its way is stuck, as a place in the statement; a statement that never asks has none. */
export function stuckMinutes(filter: DeploymentFilter, parameters: Parameters): () => string {
  let place: string | undefined;
  return () => {
    place ??= parameters.add(filter.stuckMinutes ?? STUCK_AFTER_MINUTES);
    return place;
  };
}

/** Each facet that chooses something, as a condition on the entry `e`. */
export function facetConditions(filter: DeploymentFilter, parameters: Parameters): Map<FacetName, string> {
  const conditions = new Map<FacetName, string>();
  for (const name of PLAIN_FACETS) {
    const sql = choiceSql(`e.${name}`, filter[name], parameters);
    if (sql !== "") conditions.set(name, sql);
  }
  const labels = labelsSql(filter.labels, parameters);
  if (labels !== "") conditions.set("labels", labels);
  const { attention = [] } = filter;
  if (attention.length > 0) conditions.set("attention", attentionSql(attention, stuckMinutes(filter, parameters)));
  return conditions;
}

/** Whose deployments, and what is searched for: the conditions that are no facet, on the row `r`. */
export function scopeConditions({ group, search = "" }: DeploymentFilter, parameters: Parameters): string[] {
  const conditions = ["r.kind = 'Deployment'"];
  if (group !== "*") conditions.push(`r."group" = ${parameters.add(group)}`);
  const wanted = readSearch(search);
  if ("text" in wanted) {
    if (wanted.text !== "") conditions.push(`position(${parameters.add(wanted.text)} IN r.search) > 0`);
    return conditions;
  }
  conditions.push(`starts_with(r."group" || '/' || r.name, ${parameters.add(endpointStart(wanted))})`);
  return conditions;
}

function endpointStart({ endpointGroup, endpointName }: { endpointGroup: string; endpointName: string }): string {
  return endpointName === "" ? endpointGroup : `${endpointGroup}/${endpointName}`;
}

function choiceSql(column: string, choice: Choice | undefined, parameters: Parameters): string {
  const { any = [], none = [] } = choice ?? {};
  const parts = [
    any.length === 0 ? [] : `${column} = ANY(${parameters.add(any)}::text[])`,
    none.length === 0 ? [] : `(${column} = ANY(${parameters.add(none)}::text[])) IS NOT TRUE`,
  ];
  return parts.flat().join(" AND ");
}

function labelsSql(choice: Choice | undefined, parameters: Parameters): string {
  const { any = [], none = [] } = choice ?? {};
  const byKey = Map.groupBy(any.map(splitLabel), ([key]) => key);
  const wanted = [...byKey].map(([key, pairs]) => {
    const values = parameters.add(pairs.map(([, value]) => value));
    return `(e.labels ->> ${parameters.add(key)}::text) = ANY(${values}::text[])`;
  });
  const refused = none.map(splitLabel).map(([key, value]) => {
    return `(e.labels ->> ${parameters.add(key)}::text) IS DISTINCT FROM ${parameters.add(value)}::text`;
  });
  return [...wanted, ...refused].join(" AND ");
}

function splitLabel(label: string): [key: string, value: string] {
  const at = label.indexOf("=");
  return [label.slice(0, at), label.slice(at + 1)];
}

function attentionSql(attention: AttentionChoice, stuck: () => string): string {
  const reasons: readonly string[] = attention.includes("any") ? Object.keys(ATTENTION_SQL) : attention;
  const parts = Object.entries(ATTENTION_SQL).flatMap(([reason, sql]) => (reasons.includes(reason) ? sql(stuck) : []));
  return `(${parts.join(" OR ")})`;
}
