import {
  ATTENTION_REASONS,
  attentionReason,
  type DeploymentRow,
  health,
  lifecycle,
  replicaCounts,
  STUCK_AFTER_MINUTES,
  traffic,
} from "@slipway/contracts";
import * as z from "zod";
import type { Context } from "../context.ts";
import { ATTENTION_SQL, entrySql, expiringSql } from "./deployment-entry.ts";

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
  lifecycle: lifecycle.catch("Pending"),
  health: health.catch("Unknown"),
  traffic: traffic.catch("None"),
  attention: z.array(attentionReason),
  message: z.string().nullable(),
  replicas: replicaCounts.nullable().catch(null),
  createdBy: z.string().nullable(),
  requestsPerSecond: z.number().nullable(),
  p95Ms: z.number().nullable(),
  serverErrorRate: z.number().nullable(),
  rateAt: z.date().nullable(),
});
type Stored = z.output<typeof stored>;

const REASONS = ATTENTION_REASONS.map(
  (reason) => `CASE WHEN ${ATTENTION_SQL[reason](() => "$2")} THEN '${reason}' END`,
);
const SELECT = `
  WITH expiring AS MATERIALIZED (${expiringSql("t.deployment_uid = ANY($1::uuid[])")})
  SELECT e.uid, e."group", e.name, r.title, r.version, e.labels, r.spec ->> 'type' AS type, e.environment, e.visibility,
         m.model ->> 'uri' AS uri, m.model #>> '{registered,name}' AS registered,
         u.version::text AS "modelVersion", e.updated_at AS "updatedAt",
         e.lifecycle, e.health, e.traffic, s.status ->> 'message' AS message, s.status -> 'replicas' AS replicas,
         array_remove(ARRAY[${REASONS.join(", ")}], NULL) AS attention,
         v.actor AS "createdBy", e.requests_per_second AS "requestsPerSecond", e.p95_ms AS "p95Ms",
         e.server_error_rate AS "serverErrorRate", e.rate_at AS "rateAt"
  FROM (${entrySql(["r.uid = ANY($1::uuid[])"])}) e
  JOIN resource r ON r.uid = e.uid CROSS JOIN LATERAL (SELECT r.spec #> '{variants,0,model}' AS model) m
  LEFT JOIN resource_status s ON s.uid = e.uid LEFT JOIN revision v ON v.uid = e.uid AND v.generation = 1
  LEFT JOIN model_use u ON u.deployment_uid = e.uid AND u.variant = r.spec #>> '{variants,0,name}'`;

/**
 * What a list shows of these deployments, in any order; those that went meanwhile are left out. `stuckMinutes` is how long
 * on its way is stuck.
 */
export async function readRows(
  ctx: Pick<Context, "db">,
  uids: readonly string[],
  stuckMinutes = STUCK_AFTER_MINUTES,
): Promise<DeploymentRow[]> {
  const { rows } = await ctx.db.pool.query(SELECT, [uids, stuckMinutes]);
  return z.array(stored).parse(rows).map(toDeploymentRow);
}

function toDeploymentRow(row: Stored): DeploymentRow {
  return {
    uid: row.uid,
    group: row.group,
    name: row.name,
    title: row.title ?? "",
    version: row.version,
    lifecycle: row.lifecycle,
    health: row.health,
    traffic: row.traffic,
    message: beginning(row.message ?? "", MESSAGE_SHOWN),
    attention: row.attention,
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
