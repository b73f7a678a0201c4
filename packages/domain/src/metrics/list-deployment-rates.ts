import { type DeploymentRate, deploymentRate, RATES_LIMIT, SlipwayError } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";

export type ListRates = {
  /** `*` = every group that the actor may see. */
  group: string;
  /** Only of these deployments; unsaid = the busiest of the group, at most 1,000. */
  uids?: readonly string[];
};

const rateRow = z
  .object({ ...deploymentRate.shape, at: z.date() })
  .transform((row): DeploymentRate => ({ ...row, at: row.at.toISOString() }));

/**
 * The last minute of the deployments of a group, the busiest first; one that never had traffic is left out.
 * @throws request/invalid for more than 1,000 uids, or one that is none
 */
export async function listDeploymentRates(ctx: Context, { group, uids }: ListRates): Promise<DeploymentRate[]> {
  authorise(ctx.actor, "resource.read");
  if (uids !== undefined) checkUids(uids);
  const { rows } = await ctx.db.pool.query(
    `SELECT d.deployment_uid AS uid, d.requests_per_second AS "requestsPerSecond", d.p95_ms AS "p95Ms",
       d.server_error_rate AS "serverErrorRate", d.at
     FROM deployment_rate d JOIN resource r ON r.uid = d.deployment_uid
     WHERE ($1 = '*' OR r."group" = $1) AND ($2::uuid[] IS NULL OR d.deployment_uid = ANY($2))
     ORDER BY d.requests_per_second DESC, d.deployment_uid LIMIT $3`,
    [group, uids ?? null, RATES_LIMIT],
  );
  return z.array(rateRow).parse(rows);
}

function checkUids(uids: readonly string[]): void {
  if (uids.length > RATES_LIMIT) {
    const problem = `uids names ${uids.length} deployments; at most ${RATES_LIMIT} are allowed at once.`;
    throw new SlipwayError("request/invalid", { problem }, { field: "uids" });
  }
  const wrong = uids.find((uid) => !z.uuid().safeParse(uid).success);
  if (wrong === undefined) return;
  const problem = `uids holds ${JSON.stringify(wrong.slice(0, 40))}, which is no uid.`;
  throw new SlipwayError("request/invalid", { problem }, { field: "uids" });
}
