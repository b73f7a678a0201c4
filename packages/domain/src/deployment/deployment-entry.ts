import { type AttentionReason, TOKEN_NOTICE_DAYS } from "@slipway/contracts";

/**
 * Deployments with client tokens that end soon and are not replaced; as `expiring`. Few rows, so they are read once a
 * statement. `only` is a condition on the token `t`.
 */
export function expiringSql(only = "true"): string {
  return `
  SELECT DISTINCT t.deployment_uid AS uid FROM client_token t
  WHERE ${only} AND t.revoked_at IS NULL
    AND t.expires_at > now() AND t.expires_at <= now() + interval '${TOKEN_NOTICE_DAYS} days'
    AND NOT EXISTS (
      SELECT FROM client_token n
      WHERE n.deployment_uid = t.deployment_uid AND n.client = t.client AND n.revoked_at IS NULL
        AND (n.expires_at IS NULL OR n.expires_at > t.expires_at)
    )`;
}

/** The last minute of the deployment `r`, as `d`. Figures that nobody renews are those of a minute that is long over. */
const RATE_SQL = `
  LEFT JOIN deployment_rate d ON d.deployment_uid = r.uid
    AND (d.requests_per_second = 0 OR d.at > now() - interval '2 minutes')`;

/** Every deployment that `scope` lets through, in plain columns; nothing of it is JSON but the labels. */
export function entrySql(scope: readonly string[]): string {
  return `
  SELECT r.uid, r."group", r.name, r.created_at, r.updated_at, r.labels,
         r.environment, r.visibility, r.model_format AS format,
         CASE WHEN r.deleted_at IS NULL THEN coalesce(s.lifecycle, 'Pending') ELSE 'Deleting' END AS lifecycle,
         coalesce(s.lifecycle_since, r.created_at) AS lifecycle_since,
         coalesce(s.health, 'Unknown') AS health, coalesce(s.traffic, 'None') AS traffic, coalesce(s.ready, 0) AS ready,
         r.uid IN (SELECT x.uid FROM expiring x) AS token_expires, d.requests_per_second, d.p95_ms, d.server_error_rate,
         d.at AS rate_at
  FROM resource r LEFT JOIN resource_status s ON s.uid = r.uid ${RATE_SQL}
  WHERE ${scope.join(" AND ")}`;
}

/** Each reason as a condition on the entry `e`; `stuck` gives the place of the number of minutes where it is needed. */
export const ATTENTION_SQL: { readonly [Reason in AttentionReason]: (stuck: () => string) => string } = {
  failed: () => "(e.health = 'Failed' AND e.lifecycle <> 'Deleting')",
  degraded: () => "(e.health = 'Degraded' AND e.lifecycle <> 'Deleting')",
  stuck: (stuck) =>
    `(e.lifecycle IN ('Pending', 'Deploying', 'Updating', 'Stopping') AND e.lifecycle_since < now() - ${stuck()}::int * interval '1 minute')`,
  noTraffic: () => "(e.lifecycle = 'Live' AND e.traffic = 'None')",
  tokenExpires: () => "(e.token_expires AND e.lifecycle <> 'Deleting')",
};
