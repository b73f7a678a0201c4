import { type ClientTokenView, type TokenState, tokenMethod } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import * as z from "zod";

/** What is known of a token in the database, but for its HMAC. */
export const tokenRow = z
  .object({
    id: z.string(),
    client: z.string(),
    hint: z.string(),
    methods: z.array(tokenMethod),
    createdAt: z.date(),
    expiresAt: z.date().nullable(),
    revokedAt: z.date().nullable(),
    replacedAt: z.date().nullable(),
    lastUsedAt: z.date().nullable(),
    calls: z.coerce.number().int(),
  })
  .transform(({ methods, ...row }) => ({ ...row, scope: { methods } }));
export type TokenRow = z.output<typeof tokenRow>;

/** The columns of `tokenRow`. */
export const TOKEN_COLUMNS = `id, client, hint, methods, created_at AS "createdAt", expires_at AS "expiresAt",
  revoked_at AS "revokedAt", replaced_at AS "replacedAt", last_used_at AS "lastUsedAt", calls`;

/** The tokens with which a client may call now, the newest first. */
export async function readValidTokens(tx: Tx, deploymentUid: string, client: string): Promise<TokenRow[]> {
  const { rows } = await tx.query(
    `SELECT ${TOKEN_COLUMNS} FROM client_token
     WHERE deployment_uid = $1 AND client = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
     ORDER BY replaced_at IS NOT NULL, created_at DESC, id DESC`,
    [deploymentUid, client],
  );
  return z.array(tokenRow).parse(rows);
}

/** What may be shown of a token at a time. */
export function toTokenView(deployment: string, row: TokenRow, nowMs: number): ClientTokenView {
  const { createdAt, expiresAt, revokedAt, replacedAt, lastUsedAt, ...rest } = row;
  return {
    ...rest,
    deployment,
    state: stateOf(row, nowMs),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    replacedAt: replacedAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

/** One that was revoked stays so after its expiry. */
function stateOf({ expiresAt, revokedAt, replacedAt }: TokenRow, nowMs: number): TokenState {
  if (revokedAt !== null) return "revoked";
  if (expiresAt !== null && expiresAt.getTime() <= nowMs) return "expired";
  return replacedAt === null ? "valid" : "ending";
}
