import {
  DEFAULT_OVERLAP_HOURS,
  DEFAULT_TOKEN_DAYS,
  MAX_OVERLAP_HOURS,
  type RotatedClientToken,
  SlipwayError,
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
import { lockDeployment } from "./lock-deployment.ts";
import { readValidTokens, type TokenRow } from "./token-row.ts";
import { freshToken, insertToken, tokenDifference } from "./write-token.ts";

const HOUR_MS = 3_600_000;

export const rotateClientTokenInput = z.object({
  group: z.string(),
  deployment: z.string(),
  client: z.string(),
  /** How long the old token goes on; 0 ends it at once. It never outlives its own expiry. */
  overlapHours: z.int().min(0).max(MAX_OVERLAP_HOURS).default(DEFAULT_OVERLAP_HOURS),
  /** Of the new token; null = never expires. */
  expiresInDays: tokenDays.default(DEFAULT_TOKEN_DAYS),
  /** Of the new token; that of the old one if unsaid. */
  scope: tokenScope.optional(),
});
export type RotateClientToken = z.input<typeof rotateClientTokenInput>;

/**
 * Gives a client a new token, returned this once, while its old one goes on for the overlap, so that no call has to fail.
 * A client has two valid tokens at most. Returns when every live router knows both ends (`routed`), or after 5 s without.
 * @throws token/not_found when the client has none that is valid, token/two_valid, resource/not_found
 */
export async function rotateClientToken(ctx: TokenContext, input: RotateClientToken): Promise<RotatedClientToken> {
  authorise(ctx.actor, "token.write");
  const { group, deployment, client, overlapHours, expiresInDays, ...rest } = rotateClientTokenInput.parse(input);
  const { fresh, replaced, place } = await transaction(ctx.db, async (tx) => {
    const { uid } = await lockDeployment(tx, { group, deployment });
    const old = onlyOne(await readValidTokens(tx, uid, client), { client, deployment });
    const scope = rest.scope ?? old.scope;
    const made = freshToken(ctx, scope, expiresInDays);
    const endsAt = await endAfter(tx, old.id, new Date(ctx.clock.now() + overlapHours * HOUR_MS));
    await insertToken(tx, ctx, { uid, client }, made);
    const object = { uid, group, kind: "Deployment", name: deployment };
    const diff = [
      { field: "client", before: client, after: client },
      ...tokenDifference(made, old),
      { field: "replaced.endsAt", before: old.expiresAt?.toISOString() ?? "never", after: endsAt.toISOString() },
    ];
    await writeAudit(tx, ctx, [{ ...object, action: "client_token.rotate", message: "", diff }]);
    const ended = { id: old.id, hint: old.hint, endsAt: endsAt.toISOString() };
    return { fresh: made, replaced: ended, place: await writeChanges(tx, [{ ...object, part: "control" }]) };
  });
  const routed = place !== null && (await awaitRouted(ctx, place));
  const { token, scope, expiresAt } = fresh;
  return { client, token, scope, expiresAt: expiresAt?.toISOString() ?? null, routed, replaced };
}

/** The valid token that is to be replaced. @throws token/not_found, token/two_valid */
function onlyOne(valid: readonly TokenRow[], of: { client: string; deployment: string }): TokenRow {
  const [newest, older] = valid;
  if (newest === undefined) throw new SlipwayError("token/not_found", of);
  if (older !== undefined) {
    const endsAt = older.expiresAt?.toISOString() ?? "it is revoked";
    throw new SlipwayError("token/two_valid", { ...of, hint: older.hint, endsAt });
  }
  return newest;
}

const ended = z.object({ endsAt: z.date() });

/** Marks a token as replaced and lets it run out, no later than it would have anyway. */
async function endAfter(tx: Tx, id: string, latest: Date): Promise<Date> {
  const { rows } = await tx.query(
    `UPDATE client_token SET replaced_at = now(), expires_at = least(expires_at, $2)
     WHERE id = $1 RETURNING expires_at AS "endsAt"`,
    [id, latest],
  );
  return ended.parse(rows[0]).endsAt;
}
