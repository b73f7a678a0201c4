import { createHmac } from "node:crypto";
import {
  CLIENT_TOKEN_PREFIX,
  type CreatedClientToken,
  DEFAULT_TOKEN_DAYS,
  newClientName,
  SlipwayError,
} from "@slipway/contracts";
import { type Tx, transaction } from "@slipway/db";
import * as z from "zod";
import { authorise } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { writeChanges } from "../change/write-changes.ts";
import type { TokenContext } from "../context.ts";
import { awaitRouted } from "./await-routed.ts";
import { type DeploymentRef, lockDeployment } from "./lock-deployment.ts";

/** How many clients with a valid token one deployment may have. */
export const CLIENTS_LIMIT = 1_000;
/** How long the row of a token that ended is kept, so that its user is told why it is refused. */
const KEEP_ENDED_DAYS = 90;
/** How many such rows of one client are kept at most. */
const KEEP_ENDED = 10;
const DAY_MS = 86_400_000;

export const createClientTokenInput = z.object({
  group: z.string(),
  deployment: z.string(),
  client: newClientName,
  /** Null = never expires. */
  expiresInDays: z.int().min(1).max(3_650).nullable().default(DEFAULT_TOKEN_DAYS),
  /** Replaces the token that the client has, in the same transaction. */
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
  const { group, deployment, client, expiresInDays, renew } = createClientTokenInput.parse(input);
  const token = `${CLIENT_TOKEN_PREFIX}${ctx.random.bytes(32).toString("base64url")}`;
  const expiresAt = expiresInDays === null ? null : new Date(ctx.clock.now() + expiresInDays * DAY_MS);
  const place = await transaction(ctx.db, async (tx) => {
    const { uid } = await lockDeployment(tx, { group, deployment });
    if (renew) await endTokens(tx, uid, client);
    await refuseTaken(tx, { uid, deployment, client });
    await tx.query(
      "INSERT INTO client_token (id, deployment_uid, client, hmac, hint, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
      [`tok_${ctx.random.uuid()}`, uid, client, tokenHmac(ctx.tokenKey, token), hintOf(token), expiresAt],
    );
    await forgetEnded(tx, uid, client);
    const object = { uid, group, kind: "Deployment", name: deployment };
    const diff = [{ field: "client", before: null, after: client }];
    await writeAudit(tx, ctx, [
      { ...object, action: renew ? "client_token.renew" : "client_token.create", message: "", diff },
    ]);
    return writeChanges(tx, [{ ...object, part: "control" }]);
  });
  const routed = place !== null && (await awaitRouted(ctx, place));
  return { client, token, expiresAt: expiresAt?.toISOString() ?? null, routed };
}

/** What is kept of a token, and what a gateway compares. */
export function tokenHmac(key: Buffer, token: string): Buffer {
  return createHmac("sha256", key).update(token).digest();
}

function hintOf(token: string): string {
  return `${token.slice(0, CLIENT_TOKEN_PREFIX.length + 4)}…${token.slice(-4)}`;
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
    `SELECT client FROM client_token WHERE deployment_uid = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [uid],
  );
  if (rows.some((row) => row.client === client)) throw new SlipwayError("token/name_taken", { client, deployment });
  if (rows.length >= CLIENTS_LIMIT) throw new SlipwayError("token/too_many", { deployment, limit: CLIENTS_LIMIT });
}

async function forgetEnded(tx: Tx, uid: string, client: string): Promise<void> {
  await tx.query(
    `DELETE FROM client_token WHERE id IN (
       SELECT id FROM (
         SELECT id, least(revoked_at, expires_at) AS ended, row_number() OVER (ORDER BY least(revoked_at, expires_at) DESC) AS place
         FROM client_token WHERE deployment_uid = $1 AND client = $2 AND (revoked_at IS NOT NULL OR expires_at <= now())
       ) ended_ones WHERE place > $3 OR ended < now() - $4 * interval '1 day'
     )`,
    [uid, client, KEEP_ENDED, KEEP_ENDED_DAYS],
  );
}
