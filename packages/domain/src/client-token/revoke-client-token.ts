import { type RevokedClientToken, SlipwayError } from "@slipway/contracts";
import { type Tx, transaction } from "@slipway/db";
import * as z from "zod";
import { authorise } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { writeChanges } from "../change/write-changes.ts";
import type { TokenContext } from "../context.ts";
import { awaitRouted } from "./await-routed.ts";
import { type DeploymentRef, lockDeployment } from "./lock-deployment.ts";
import { readValidTokens, TOKEN_COLUMNS, type TokenRow, tokenRow, toTokenView } from "./token-row.ts";

export type RevokeClientToken = DeploymentRef & {
  client: string;
  /** One token of the client: its id, its hint, or its last four characters. All of the client's if unsaid. */
  token?: string;
};

/**
 * Ends the tokens of a client, or one of them. Their rows stay, so that their users are told; the client's name is free when
 * none is valid. Answers the newest that it ended, when every live router refuses them (`routed`), or after 5 s without that.
 * @throws token/not_found when no valid one is meant, token/ambiguous, resource/not_found
 */
export async function revokeClientToken(ctx: TokenContext, input: RevokeClientToken): Promise<RevokedClientToken> {
  authorise(ctx.actor, "token.write");
  const { group, deployment, client } = input;
  const { revoked, place } = await transaction(ctx.db, async (tx) => {
    const { uid } = await lockDeployment(tx, { group, deployment });
    const meant = meantTokens(await readValidTokens(tx, uid, client), input);
    const rows = await endNow(tx, meant);
    const [newest] = rows;
    if (newest === undefined) throw new SlipwayError("token/not_found", { client, deployment });
    const object = { uid, group, kind: "Deployment", name: deployment };
    const diff = [
      { field: "client", before: client, after: null },
      ...rows.map(({ hint }) => ({ field: "token", before: hint, after: null })),
    ];
    await writeAudit(tx, ctx, [{ ...object, action: "client_token.revoke", message: "", diff }]);
    return { revoked: newest, place: await writeChanges(tx, [{ ...object, part: "control" }]) };
  });
  const routed = place !== null && (await awaitRouted(ctx, place));
  return { ...toTokenView(deployment, revoked, ctx.clock.now()), routed };
}

function meantTokens(valid: readonly TokenRow[], { client, token }: RevokeClientToken): readonly TokenRow[] {
  if (token === undefined) return valid;
  const meant = valid.filter(({ id, hint }) => id === token || hint === token || hint.slice(-4) === token);
  if (meant.length > 1) throw new SlipwayError("token/ambiguous", { client, given: token });
  return meant;
}

/** In the order in which they were given. */
async function endNow(tx: Tx, tokens: readonly TokenRow[]): Promise<TokenRow[]> {
  const ids = tokens.map(({ id }) => id);
  const { rows } = await tx.query(
    `UPDATE client_token SET revoked_at = now() WHERE id = ANY($1) RETURNING ${TOKEN_COLUMNS}`,
    [ids],
  );
  return z
    .array(tokenRow)
    .parse(rows)
    .sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}
