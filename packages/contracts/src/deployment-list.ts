import * as z from "zod";
import { deploymentRate } from "./metrics.ts";
import { health, lifecycle, replicaCounts, traffic } from "./status.ts";

/** Why somebody should look at a deployment. */
export const ATTENTION_REASONS = ["failed", "degraded", "stuck", "noTraffic", "tokenExpires"] as const;
export const attentionReason = z.enum(ATTENTION_REASONS);
export type AttentionReason = z.infer<typeof attentionReason>;

/** How long a deployment may be on its way before it counts as stuck, unless a reader says otherwise. */
export const STUCK_AFTER_MINUTES = 10;
/** How long before its end a client token asks for attention. */
export const TOKEN_NOTICE_DAYS = 7;

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
export const deploymentSort = z.enum(DEPLOYMENT_SORTS);
export type DeploymentSort = z.infer<typeof deploymentSort>;

/** A sort as it stands in an address: `name`, or `-updated` for the largest first. */
export const deploymentOrder = z.enum([...DEPLOYMENT_SORTS, ...DEPLOYMENT_SORTS.map((sort) => `-${sort}` as const)]);
export type DeploymentOrder = z.infer<typeof deploymentOrder>;

/** What one line of a list of deployments shows; a page of fifty stays below 40 KB. */
export const deploymentRow = z.object({
  uid: z.string(),
  group: z.string(),
  name: z.string(),
  /** Free text for people; empty when there is none. */
  title: z.string(),
  version: z.int(),
  lifecycle,
  health,
  traffic,
  /** Cause and next action in words; empty when all is well. */
  message: z.string(),
  attention: z.array(attentionReason),
  replicas: replicaCounts,
  type: z.string(),
  environment: z.string(),
  visibility: z.string(),
  /** Where the model comes from: its URI, or its name in the registry with the version that serves. */
  model: z.object({ uri: z.string(), registered: z.string().nullable(), version: z.string().nullable() }),
  labels: z.record(z.string(), z.string()),
  /** Who made it, as the audit names them; empty when nobody knows. */
  createdBy: z.string(),
  updatedAt: z.iso.datetime(),
  /** The last minute; null where there never was traffic, or nobody measured it lately. */
  rate: deploymentRate.omit({ uid: true }).nullable(),
});
export type DeploymentRow = z.output<typeof deploymentRow>;

/** One page of lines, and where the next one begins. */
export const deploymentRowPage = z.object({ items: z.array(deploymentRow), next: z.string().nullable() });
export type DeploymentRowPage = z.output<typeof deploymentRowPage>;

const facetValue = z.object({ value: z.string(), count: z.int() });
export type FacetValue = z.output<typeof facetValue>;

/** By what a list of deployments can be narrowed. */
export const FACET_NAMES = [
  "lifecycle",
  "health",
  "environment",
  "visibility",
  "format",
  "labels",
  "attention",
] as const;
export type FacetName = (typeof FACET_NAMES)[number];

/**
 * How many deployments each choice of each facet would give beside what the other facets choose. `attention` counts each
 * reason, and `any` of them.
 */
export const deploymentFacets = z.object({
  /** How many match all of the filters. */
  total: z.int(),
  facets: z.record(z.enum(FACET_NAMES), z.array(facetValue)),
});
export type DeploymentFacets = z.output<typeof deploymentFacets>;
