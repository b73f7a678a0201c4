import {
  type CreatedClientToken,
  DEFAULT_TOKEN_DAYS,
  newClientName,
  SlipwayError,
  TOKEN_METHODS,
  tokenDays,
  tokenScope,
} from "@slipway/contracts";
import { type Tx, transaction } from "@slipway/db";
import * as z from "zod";
import { authorise } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { writeChanges } from "../change/write-changes.ts";
import type { TokenContext } from "../context.ts";
import { awaitRouted } from "./await-routed.ts";
import { type DeploymentRef, lockDeployment } from "./lock-deployment.ts";
import { freshToken, insertToken, tokenDifference } from "./write-token.ts";

/** How many clients with a valid token one deployment may have. */
export const CLIENTS_LIMIT = 1_000;

export const createClientTokenInput = z.object({
  group: z.string(),
  deployment: z.string(),
  client: newClientName,
  /** Null = never expires. */
  expiresInDays: tokenDays.default(DEFAULT_TOKEN_DAYS),
  /** What it is good for; everything if unsaid. */
  scope: tokenScope.default({ methods: [...TOKEN_METHODS] }),
  /** Replaces the tokens that the client has, in the same transaction; they end at once. */
  renew: z.boolean().default(false),
});
export type CreateClientToken = z.input<typeof createClientTokenInput>;

/**
 * Makes a token with which a client may call one deployment, and returns it this once; only its HMAC is kept. Returns when
 * every live router knows it (`routed`), or after 5 s without that.
 * @throws token/name_taken, token/too_many, resource/not_found
 */
export async function createClientToken(ctx: TokenContext, input: CreateClientToken): Promise<CreatedClientToken> {
  authorise(ctx.actor, "token.write");
  const { group, deployment, client, expiresInDays, scope, renew } = createClientTokenInput.parse(input);
  const fresh = freshToken(ctx, scope, expiresInDays);
  const place = await transaction(ctx.db, async (tx) => {
    const { uid } = await lockDeployment(tx, { group, deployment });
    if (renew) await endTokens(tx, uid, client);
    await refuseTaken(tx, { uid, deployment, client });
    await insertToken(tx, ctx, { uid, client }, fresh);
    const object = { uid, group, kind: "Deployment", name: deployment };
    const diff = [{ field: "client", before: null, after: client }, ...tokenDifference(fresh, null)];
    const action = renew ? "client_token.renew" : "client_token.create";
    await writeAudit(tx, ctx, [{ ...object, action, message: "", diff }]);
    return writeChanges(tx, [{ ...object, part: "control" }]);
  });
  const routed = place !== null && (await awaitRouted(ctx, place));
  return { client, token: fresh.token, scope, expiresAt: fresh.expiresAt?.toISOString() ?? null, routed };
}

async function endTokens(tx: Tx, uid: string, client: string): Promise<void> {
  await tx.query(
    "UPDATE client_token SET revoked_at = now() WHERE deployment_uid = $1 AND client = $2 AND revoked_at IS NULL",
    [uid, client],
  );
}

async function refuseTaken(
  tx: Tx,
  { uid, deployment, client }: { uid: string } & Omit<DeploymentRef, "group"> & { client: string },
) {
  const { rows } = await tx.query<{ client: string }>(
    `SELECT DISTINCT client FROM client_token
     WHERE deployment_uid = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [uid],
  );
  if (rows.some((row) => row.client === client)) throw new SlipwayError("token/name_taken", { client, deployment });
  if (rows.length >= CLIENTS_LIMIT) throw new SlipwayError("token/too_many", { deployment, limit: CLIENTS_LIMIT });
}
