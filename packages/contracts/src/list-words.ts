// The words of the list of deployments. This file stays free of schemas, so that pages may import it.

/** Why somebody should look at a deployment. */
export const ATTENTION_REASONS = ["failed", "degraded", "stuck", "noTraffic", "tokenExpires"] as const;
export type AttentionReason = (typeof ATTENTION_REASONS)[number];

/** What a list of deployments can be sorted by; the last three are figures of the last minute. */
export const DEPLOYMENT_SORTS = [
  "name",
  "updated",
  "created",
  "lifecycle",
  "health",
  "replicas",
  "requests",
  "p95",
  "errors",
] as const;
export type DeploymentSort = (typeof DEPLOYMENT_SORTS)[number];

/** A sort as it stands in an address: `name`, or `-updated` for the largest first. */
export type DeploymentOrder = DeploymentSort | `-${DeploymentSort}`;

/** Every order, each sort before the same the other way round. */
export const DEPLOYMENT_ORDERS: readonly DeploymentOrder[] = DEPLOYMENT_SORTS.flatMap((sort): DeploymentOrder[] => [
  sort,
  `-${sort}`,
]);

/** By what a list of deployments can be narrowed, in the order in which people are asked. */
export const FACET_NAMES = [
  "attention",
  "lifecycle",
  "health",
  "environment",
  "visibility",
  "format",
  "labels",
] as const;
export type FacetName = (typeof FACET_NAMES)[number];
