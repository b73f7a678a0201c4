import * as z from "zod";
import { KIND_NAMES } from "./kinds.ts";
import { resolution } from "./registry.ts";
import { resourceStatus } from "./status.ts";

export const kindName = z.enum(KIND_NAMES);

/** The key of a resource. */
export const resourceRef = z.object({ group: z.string(), kind: kindName, name: z.string() });
export type ResourceRef = z.infer<typeof resourceRef>;

/** What a reader gets of a resource; also the body of REST and tRPC answers. */
export const resourceView = z.object({
  apiVersion: z.string(),
  kind: kindName,
  metadata: z.object({
    name: z.string(),
    group: z.string(),
    title: z.string().optional(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    uid: z.string(),
    /** +1 on a spec change. */
    generation: z.int(),
    /** +1 on every write but status; with uid the concurrency token. */
    version: z.int(),
    owner: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    deletedAt: z.iso.datetime().nullable(),
  }),
  spec: z.record(z.string(), z.unknown()),
  status: resourceStatus,
  /** Only of a deployment of registered models: which versions its variants stand for. */
  resolution: resolution.optional(),
});
export type ResourceView = z.output<typeof resourceView>;

/**
 * What a change of a field does to what runs: takes effect at once, loads a version beside the one that serves, interrupts
 * serving, or touches nothing that runs.
 */
export const fieldImpact = z.enum(["live", "reload", "stops", "none"]);
export type FieldImpact = z.infer<typeof fieldImpact>;

/** One field that a change changes, by dotted path; null stands for one that is not there. */
export const fieldChange = z.object({
  field: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  impact: fieldImpact,
  /** The impact in a sentence. */
  words: z.string(),
});
export type FieldChange = z.output<typeof fieldChange>;

export const revisionSource = z.enum(["console", "cli", "api", "registry", "rollback", "controller", "demo"]);
export type RevisionSource = z.infer<typeof revisionSource>;

/** One entry of a resource's history. */
export const revisionView = z.object({
  generation: z.int(),
  manifest: z.string(),
  spec: z.record(z.string(), z.unknown()),
  actor: z.string(),
  message: z.string(),
  source: revisionSource,
  result: z.enum(["pending", "succeeded", "failed", "superseded"]),
  resolution: z.record(z.string(), z.unknown()),
  createdAt: z.iso.datetime(),
});
export type RevisionView = z.output<typeof revisionView>;

export const eventView = z.object({
  reason: z.string(),
  severity: z.enum(["info", "warning"]),
  message: z.string(),
  count: z.int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});
export type EventView = z.output<typeof eventView>;

/** One entry of the audit: who did what to which object. */
export const auditView = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** `local-admin`, `user:ada`, `scheduler`. */
  actor: z.string(),
  /** The verb: `deployment.scale`, `client_token.revoke`. */
  action: z.string(),
  /** Empty for what belongs to no group, such as signing in. */
  group: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string().nullable(),
  requestId: z.string(),
  message: z.string(),
  /** Fields before and after; null stands for one that is not there. */
  diff: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
});
export type AuditView = z.output<typeof auditView>;

/** Why each filter let a model onto a replica or not; never names another group's models. */
export const explainView = z.object({
  ref: resourceRef,
  /** The answer in one sentence. */
  summary: z.string(),
  neededBytes: z.number(),
  wanted: z.int(),
  placed: z.int(),
  servers: z.array(
    z.object({
      server: z.string(),
      verdict: z.enum(["chosen", "possible", "rejected"]),
      filter: z.string().nullable(),
      reason: z.string(),
      replicas: z.array(
        z.object({
          replica: z.int(),
          verdict: z.enum(["chosen", "possible", "rejected"]),
          filter: z.string().nullable(),
          reason: z.string(),
          freeBytes: z.number(),
        }),
      ),
    }),
  ),
});
export type ExplainView = z.output<typeof explainView>;
