import { createHmac } from "node:crypto";
import { CLIENT_TOKEN_PREFIX, type TokenScope } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import type { FieldDifference } from "../canonical.ts";
import type { TokenContext } from "../context.ts";

/** How long the row of a token that ended is kept, so that its user is told why it is refused. */
const KEEP_ENDED_DAYS = 90;
/** How many such rows of one client are kept at most. */
const KEEP_ENDED = 10;
const DAY_MS = 86_400_000;

/** A token that was just made. Nothing but the answer to its maker ever holds `token`. */
export type FreshToken = { id: string; token: string; hint: string; expiresAt: Date | null; scope: TokenScope };

/** Makes a token of 256 random bits; it is not stored yet. */
export function freshToken(ctx: TokenContext, scope: TokenScope, expiresInDays: number | null): FreshToken {
  const token = `${CLIENT_TOKEN_PREFIX}${ctx.random.bytes(32).toString("base64url")}`;
  const expiresAt = expiresInDays === null ? null : new Date(ctx.clock.now() + expiresInDays * DAY_MS);
  return { id: `tok_${ctx.random.uuid()}`, token, hint: hintOf(token), expiresAt, scope };
}

/** What is kept of a token, and what a gateway compares. */
export function tokenHmac(key: Buffer, token: string): Buffer {
  return createHmac("sha256", key).update(token).digest();
}

/** Stores a fresh token as one of a client, and lets go of the client's oldest ended ones. */
export async function insertToken(
  tx: Tx,
  ctx: TokenContext,
  { uid, client }: { uid: string; client: string },
  { id, token, hint, expiresAt, scope }: FreshToken,
): Promise<void> {
  await tx.query(
    `INSERT INTO client_token (id, deployment_uid, client, hmac, hint, expires_at, methods) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, uid, client, tokenHmac(ctx.tokenKey, token), hint, expiresAt, scope.methods],
  );
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

/** How a fresh token stands in the audit: by its ends, its scope and its expiry. */
export function tokenDifference(fresh: FreshToken, before: { hint: string } | null): FieldDifference[] {
  return [
    { field: "token", before: before?.hint ?? null, after: fresh.hint },
    { field: "scope.methods", before: null, after: fresh.scope.methods },
    { field: "expiresAt", before: null, after: fresh.expiresAt?.toISOString() ?? "never" },
  ];
}

function hintOf(token: string): string {
  return `${token.slice(0, CLIENT_TOKEN_PREFIX.length + 4)}…${token.slice(-4)}`;
}
