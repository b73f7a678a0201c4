import { type DeploymentRow, health, lifecycle, replicaCounts, traffic } from "@slipway/contracts";
import * as z from "zod";
import type { Context } from "../context.ts";
import { RATE_SQL } from "./deployment-entry.ts";
import type { PageEntry } from "./find-page.ts";

/** A text that is longer is shown by its end (an address) or its beginning (a sentence): a line of a list stays small. */
const URI_SHOWN = 160;
const MESSAGE_SHOWN = 320;
/** Labels of one line; the deployment's own page shows all. */
const LABELS_SHOWN = 6;

const stored = z.object({
  uid: z.string(),
  group: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  version: z.int(),
  labels: z.record(z.string(), z.string()),
  type: z.string().nullable(),
  environment: z.string().nullable(),
  visibility: z.string().nullable(),
  uri: z.string().nullable(),
  registered: z.string().nullable(),
  modelVersion: z.string().nullable(),
  updatedAt: z.date(),
  isDeleting: z.boolean(),
  lifecycle: lifecycle.nullable().catch(null),
  health: health.nullable().catch(null),
  traffic: traffic.nullable().catch(null),
  message: z.string().nullable(),
  replicas: replicaCounts.nullable().catch(null),
  createdBy: z.string().nullable(),
  requestsPerSecond: z.number().nullable(),
  p95Ms: z.number().nullable(),
  serverErrorRate: z.number().nullable(),
  rateAt: z.date().nullable(),
});
type Stored = z.output<typeof stored>;

const SELECT = `
  SELECT r.uid, r."group", r.name, r.title, r.version, r.labels, r.spec ->> 'type' AS type, r.environment, r.visibility,
         m.model ->> 'uri' AS uri, m.model #>> '{registered,name}' AS registered,
         u.version::text AS "modelVersion",
         r.updated_at AS "updatedAt", r.deleted_at IS NOT NULL AS "isDeleting",
         s.lifecycle, s.health, s.traffic, s.status ->> 'message' AS message, s.status -> 'replicas' AS replicas,
         v.actor AS "createdBy", d.requests_per_second AS "requestsPerSecond", d.p95_ms AS "p95Ms",
         d.server_error_rate AS "serverErrorRate", d.at AS "rateAt"
  FROM resource r CROSS JOIN LATERAL (SELECT r.spec #> '{variants,0,model}' AS model) m
  LEFT JOIN resource_status s ON s.uid = r.uid LEFT JOIN revision v ON v.uid = r.uid AND v.generation = 1
  LEFT JOIN model_use u ON u.deployment_uid = r.uid AND u.variant = r.spec #>> '{variants,0,name}'
  ${RATE_SQL}
  WHERE r.uid = ANY($1::uuid[])`;

/** What a list shows of these deployments, in any order; those that went meanwhile are left out. */
export async function readRows(ctx: Pick<Context, "db">, entries: readonly PageEntry[]): Promise<DeploymentRow[]> {
  const attention = new Map(entries.map((entry) => [entry.uid, entry.attention]));
  const { rows } = await ctx.db.pool.query(SELECT, [[...attention.keys()]]);
  return z
    .array(stored)
    .parse(rows)
    .map((row) => toDeploymentRow(row, attention.get(row.uid) ?? []));
}

function toDeploymentRow(row: Stored, attention: DeploymentRow["attention"]): DeploymentRow {
  return {
    uid: row.uid,
    group: row.group,
    name: row.name,
    title: row.title ?? "",
    version: row.version,
    lifecycle: row.isDeleting ? "Deleting" : (row.lifecycle ?? "Pending"),
    health: row.health ?? "Unknown",
    traffic: row.traffic ?? "None",
    message: beginning(row.message ?? "", MESSAGE_SHOWN),
    attention,
    replicas: row.replicas ?? { ready: 0, starting: 0, wanted: 0 },
    type: row.type ?? "",
    environment: row.environment ?? "",
    visibility: row.visibility ?? "",
    model: { uri: end(row.uri ?? "", URI_SHOWN), registered: row.registered, version: row.modelVersion },
    labels: Object.fromEntries(Object.entries(row.labels).slice(0, LABELS_SHOWN)),
    createdBy: row.createdBy ?? "",
    updatedAt: row.updatedAt.toISOString(),
    rate: rateOf(row),
  };
}

function rateOf({ requestsPerSecond, p95Ms, serverErrorRate, rateAt }: Stored): DeploymentRow["rate"] {
  if (requestsPerSecond === null || rateAt === null) return null;
  return { requestsPerSecond, p95Ms, serverErrorRate, at: rateAt.toISOString() };
}

function beginning(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function end(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(1 - length)}`;
}
