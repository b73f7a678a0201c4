import * as z from "zod";
import { ATTENTION_REASONS, DEPLOYMENT_ORDERS, DEPLOYMENT_SORTS, FACET_NAMES } from "./list-words.ts";
import { deploymentRate } from "./metrics.ts";
import { health, lifecycle, replicaCounts, traffic } from "./status.ts";

export const attentionReason = z.enum(ATTENTION_REASONS);

/** How long a deployment may be on its way before it counts as stuck, unless a reader says otherwise. */
export const STUCK_AFTER_MINUTES = 10;
/** How long before its end a client token asks for attention. */
export const TOKEN_NOTICE_DAYS = 7;

export const deploymentSort = z.enum(DEPLOYMENT_SORTS);
export const deploymentOrder = z.enum(DEPLOYMENT_ORDERS);

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
