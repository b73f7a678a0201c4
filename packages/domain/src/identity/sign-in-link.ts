import { createHash } from "node:crypto";
import { SlipwayError } from "@slipway/contracts";
import { transaction } from "@slipway/db";
import * as z from "zod";
import { authorise } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { Context } from "../context.ts";

/** How long a link can be used. */
export const SIGN_IN_LINK_MS = 60 * 60_000;
/** Whom a link signs in when it names nobody. */
export const FIRST_USER = "admin";

/** The name that a user signs in with and has in the audit. */
export const userName = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "must be 1 to 63 lower-case letters, digits or dashes, with a letter or digit at both ends",
  );

export type SignInLink = { secret: string; user: string; expiresAt: Date };

/**
 * Makes a link that signs one browser in as a user, once, within an hour. Only the hash of its secret is kept; a user that
 * does not exist yet begins to when it is used.
 */
export async function createSignInLink(ctx: Context, input: { user?: string } = {}): Promise<SignInLink> {
  authorise(ctx.actor, "sign_in.link");
  const user = userName.parse(input.user ?? FIRST_USER);
  const secret = ctx.random.bytes(32).toString("base64url");
  const expiresAt = new Date(ctx.clock.now() + SIGN_IN_LINK_MS);
  await transaction(ctx.db, async (tx) => {
    await tx.query("INSERT INTO sign_in_link (hash, actor, expires_at) VALUES ($1, $2, $3)", [
      hash(secret),
      user,
      expiresAt,
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
  begin: (user: string) => Promise<Result>,
): Promise<Result> {
  return transaction(ctx.db, async (tx) => {
    const now = new Date(ctx.clock.now());
    const { rows } = await tx.query<{ actor: string }>(
      "UPDATE sign_in_link SET spent_at = $2 WHERE hash = $1 AND spent_at IS NULL AND expires_at > $2 RETURNING actor",
      [hash(secret), now],
    );
    const [found] = rows;
    if (found === undefined) throw new SlipwayError("sign_in/link_spent", {});
    return begin(found.actor);
  });
}

function hash(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
