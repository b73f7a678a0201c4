import { type ClientTokenView, SlipwayError } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { findResources } from "../resource/resource-row.ts";
import { type DeploymentRef, deploymentRef } from "./lock-deployment.ts";
import { TOKEN_COLUMNS, tokenRow, toTokenView } from "./token-row.ts";

/** The tokens of a deployment, also those that ended, by client and the newest first. @throws resource/not_found */
export async function listClientTokens(ctx: Context, ref: DeploymentRef): Promise<ClientTokenView[]> {
  authorise(ctx.actor, "token.read");
  const [found] = await findResources(ctx.db.pool, [deploymentRef(ref)], { lock: false });
  if (found === undefined) throw new SlipwayError("resource/not_found", { kind: "Deployment", name: ref.deployment });
  const { rows } = await ctx.db.pool.query(
    `SELECT ${TOKEN_COLUMNS} FROM client_token WHERE deployment_uid = $1 ORDER BY client, created_at DESC, id DESC`,
    [found.uid],
  );
  return z
    .array(tokenRow)
    .parse(rows)
    .map((row) => toTokenView(ref.deployment, row, ctx.clock.now()));
}
