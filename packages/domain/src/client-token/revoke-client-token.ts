import { type RevokedClientToken, SlipwayError } from "@slipway/contracts";
import { transaction } from "@slipway/db";
import { authorise } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { writeChanges } from "../change/write-changes.ts";
import type { TokenContext } from "../context.ts";
import { awaitRouted } from "./await-routed.ts";
import { tokenRow, toTokenView } from "./list-client-tokens.ts";
import { type DeploymentRef, lockDeployment } from "./lock-deployment.ts";

/**
 * Ends the token of a client. Its row stays, so that its user is told; its name is free. Returns when every live router
 * refuses it (`routed`), or after 5 s without that.
 * @throws token/not_found when the client has none that is valid, resource/not_found
 */
export async function revokeClientToken(
  ctx: TokenContext,
  { group, deployment, client }: DeploymentRef & { client: string },
): Promise<RevokedClientToken> {
  authorise(ctx.actor, "token.write");
  const { revoked, place } = await transaction(ctx.db, async (tx) => {
    const { uid } = await lockDeployment(tx, { group, deployment });
    const { rows } = await tx.query(
      `UPDATE client_token SET revoked_at = now()
       WHERE deployment_uid = $1 AND client = $2 AND revoked_at IS NULL
       RETURNING client, hint, created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt",
         last_used_at AS "lastUsedAt", calls`,
      [uid, client],
    );
    if (rows.length === 0) throw new SlipwayError("token/not_found", { client, deployment });
    const object = { uid, group, kind: "Deployment", name: deployment };
    const diff = [{ field: "client", before: client, after: null }];
    await writeAudit(tx, ctx, [{ ...object, action: "client_token.revoke", message: "", diff }]);
    const newest = rows.map((row) => tokenRow.parse(row)).reduce((a, b) => (a.createdAt > b.createdAt ? a : b));
    return { revoked: newest, place: await writeChanges(tx, [{ ...object, part: "control" }]) };
  });
  const routed = place !== null && (await awaitRouted(ctx, place));
  return { ...toTokenView(deployment, revoked), routed };
}
