import { createHash } from "node:crypto";
import { SlipwayError } from "@slipway/contracts";
import { transaction } from "@slipway/db";
import * as z from "zod";
import { type Actor, actorName, authorise } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { Context } from "../context.ts";

/** How long a link can be used. */
export const SIGN_IN_LINK_MS = 60 * 60_000;
/** Whom a link of the local administrator signs in when it names nobody. */
export const FIRST_USER = "admin";

/** The name that a user signs in with and has in the audit. */
export const userName = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "must be 1 to 63 lower-case letters, digits or dashes, with a letter or digit at both ends",
  );

/** Whom a link signs in, and which actor made it; null for a link of an older Slipway, which kept no maker. */
export type SpentLink = { user: string; madeBy: string | null };

export type SignInLink = { secret: string; user: string; expiresAt: Date };

/**
 * Makes a link that signs one browser in as a user, once, within an hour. Only the hash of its secret is kept; a user that
 * does not exist yet begins to when it is used. People make links for themselves, which is what a link without a name is;
 * links for others are the local administrator's to make.
 * @throws auth/forbidden for a link that signs in as somebody else
 */
export async function createSignInLink(ctx: Context, input: { user?: string } = {}): Promise<SignInLink> {
  authorise(ctx.actor, "sign_in.link");
  const user = userName.parse(input.user ?? ownName(ctx.actor));
  if (ctx.actor.kind === "user" && user !== ctx.actor.id) {
    throw new SlipwayError("auth/forbidden", { action: `make a link that signs in as ${user}` }, { field: "user" });
  }
  const secret = ctx.random.bytes(32).toString("base64url");
  const expiresAt = new Date(ctx.clock.now() + SIGN_IN_LINK_MS);
  await transaction(ctx.db, async (tx) => {
    await tx.query("INSERT INTO sign_in_link (hash, actor, expires_at, made_by) VALUES ($1, $2, $3, $4)", [
      hash(secret),
      user,
      expiresAt,
      actorName(ctx.actor),
    ]);
    await writeAudit(tx, ctx, [
      { group: "", kind: "User", name: user, uid: null, action: "sign_in.link", message: "", diff: [] },
    ]);
  });
  return { secret, user, expiresAt };
}

/**
 * Uses up a link and begins what it is for, both or neither; of two that use it at once, one succeeds. Open to everybody who
 * has the link's secret.
 * @throws sign_in/link_spent when it was used, is too old, or never was one
 */
export async function spendSignInLink<Result>(
  ctx: Omit<Context, "actor">,
  secret: string,
  begin: (link: SpentLink) => Promise<Result>,
): Promise<Result> {
  return transaction(ctx.db, async (tx) => {
    const now = new Date(ctx.clock.now());
    const { rows } = await tx.query<SpentLink>(
      `UPDATE sign_in_link SET spent_at = $2 WHERE hash = $1 AND spent_at IS NULL AND expires_at > $2
       RETURNING actor AS "user", made_by AS "madeBy"`,
      [hash(secret), now],
    );
    const [found] = rows;
    if (found === undefined) throw new SlipwayError("sign_in/link_spent", {});
    return begin(found);
  });
}

/** Whom a link that names nobody signs in. */
function ownName(actor: Actor): string {
  return actor.kind === "user" ? actor.id : FIRST_USER;
}

function hash(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
