import { type AccountView, SlipwayError } from "@slipway/contracts";
import { type Tx, transaction } from "@slipway/db";
import * as z from "zod";
import { type Actor, actorName } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { Context } from "../context.ts";
import { hashPassword, isPassword, PASSWORD_LENGTH } from "./password.ts";

/**
 * Whoever signed in this lately, by a link that the local administrator made, may choose a new password without the old one;
 * that is how a lost one is mended. A link of their own shows only that they were signed in before.
 */
export const FRESH_LINK_MS = 15 * 60_000;

const password = z
  .string()
  .min(PASSWORD_LENGTH.min, `must have at least ${PASSWORD_LENGTH.min} characters`)
  .max(PASSWORD_LENGTH.max, `must have at most ${PASSWORD_LENGTH.max} characters`);
export const newPassword = z.strictObject({
  password,
  current: z.string().max(PASSWORD_LENGTH.max).exactOptional().describe("The password until now, where there is one"),
});
export type NewPassword = z.output<typeof newPassword>;

const person = z.object({ id: z.string(), username: z.string(), password: z.string().nullable() });
const sessionRow = z.object({
  id: z.string(),
  method: z.enum(["link", "password", "passkey"]).nullable(),
  createdAt: z.date(),
  expiresAt: z.date(),
  userAgent: z.string().nullable(),
});
const passkeyRow = z.object({ id: z.string(), name: z.string().nullable(), createdAt: z.date().nullable() });

/** How the caller signs in and which browsers they are signed in with. */
export async function readAccount(ctx: Context): Promise<AccountView> {
  const { sessionId } = signedIn(ctx.actor);
  const { id, username, password } = await findPerson(ctx.db.pool, ctx.actor);
  const sessions = await ctx.db.pool.query(
    `SELECT id, method, created_at AS "createdAt", expires_at AS "expiresAt", user_agent AS "userAgent"
     FROM session WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC LIMIT 100`,
    [id, new Date(ctx.clock.now())],
  );
  const passkeys = await ctx.db.pool.query(
    `SELECT id, name, created_at AS "createdAt" FROM passkey WHERE user_id = $1 ORDER BY created_at, id LIMIT 100`,
    [id],
  );
  return {
    user: username,
    hasPassword: password !== null,
    passkeys: z
      .array(passkeyRow)
      .parse(passkeys.rows)
      .map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt?.toISOString() ?? null })),
    sessions: z
      .array(sessionRow)
      .parse(sessions.rows)
      .map(({ createdAt, expiresAt, ...row }) => ({
        ...row,
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        isThisOne: row.id === sessionId,
      })),
  };
}

/**
 * Sets the caller's password, and signs their other browsers out. Where there is one already it must be given, unless they
 * signed in just now by a link of the local administrator.
 * @throws account/wrong_password
 */
export async function setPassword(ctx: Context, input: NewPassword): Promise<void> {
  const { sessionId } = signedIn(ctx.actor);
  const { password, current } = newPassword.parse(input);
  const { id, username, password: stored } = await findPerson(ctx.db.pool, ctx.actor);
  if (stored !== null && !(await isFreshByAdminsLink(ctx, sessionId))) {
    if (current === undefined || !(await isPassword(stored, current))) {
      throw new SlipwayError("account/wrong_password", {}, { field: "current" });
    }
  }
  const kept = await hashPassword(password);
  await transaction(ctx.db, async (tx) => {
    await tx.query(
      `INSERT INTO credential (id, user_id, provider_id, account_id, password) VALUES ($1, $2, 'credential', $2, $3)
       ON CONFLICT (provider_id, account_id) DO UPDATE SET password = EXCLUDED.password, updated_at = now()`,
      [`crd_${ctx.random.uuid()}`, id, kept],
    );
    await tx.query("DELETE FROM session WHERE user_id = $1 AND id <> $2", [id, sessionId]);
    await audit(tx, ctx, username, "account.password");
  });
}

/** Signs one of the caller's browsers out; with `all`, every one but this. @throws account/not_found */
export async function endSessions(ctx: Context, input: { id: string } | { all: true }): Promise<void> {
  const { sessionId } = signedIn(ctx.actor);
  await transaction(ctx.db, async (tx) => {
    const { id, username } = await findPerson(tx, ctx.actor);
    const { rowCount } =
      "all" in input
        ? await tx.query("DELETE FROM session WHERE user_id = $1 AND id <> $2", [id, sessionId])
        : await tx.query("DELETE FROM session WHERE user_id = $1 AND id = $2", [id, input.id]);
    if ("id" in input && rowCount === 0) throw new SlipwayError("account/not_found", { what: "session", id: input.id });
    await audit(tx, ctx, username, "account.sign_out");
  });
}

/** Forgets one of the caller's passkeys; it signs nobody in any more. @throws account/not_found */
export async function removePasskey(ctx: Context, passkeyId: string): Promise<void> {
  signedIn(ctx.actor);
  await transaction(ctx.db, async (tx) => {
    const { id, username } = await findPerson(tx, ctx.actor);
    const { rowCount } = await tx.query("DELETE FROM passkey WHERE user_id = $1 AND id = $2", [id, passkeyId]);
    if (rowCount === 0) throw new SlipwayError("account/not_found", { what: "passkey", id: passkeyId });
    await audit(tx, ctx, username, "account.passkey_removed");
  });
}

/** @throws auth/forbidden for whoever is not a person at a browser; the command line's credential has no account */
function signedIn(actor: Actor): { user: string; sessionId: string } {
  if (actor.kind === "user" && actor.sessionId !== undefined) return { user: actor.id, sessionId: actor.sessionId };
  throw new SlipwayError("auth/forbidden", { action: "have an account; sign in to the console" });
}

async function findPerson(db: Tx, actor: Actor): Promise<z.output<typeof person>> {
  const { rows } = await db.query(
    `SELECT u.id, u.username, c.password FROM platform_user u
     LEFT JOIN credential c ON c.user_id = u.id AND c.provider_id = 'credential' WHERE u.username = $1`,
    [signedIn(actor).user],
  );
  return person.parse(rows[0]);
}

async function isFreshByAdminsLink({ db, clock }: Context, sessionId: string): Promise<boolean> {
  const { rows } = await db.pool.query(
    "SELECT 1 FROM session WHERE id = $1 AND method = 'link' AND link_made_by = $2 AND created_at > $3",
    [sessionId, actorName({ kind: "local-admin" }), new Date(clock.now() - FRESH_LINK_MS)],
  );
  return rows.length > 0;
}

async function audit(tx: Tx, ctx: Context, username: string, action: string): Promise<void> {
  await writeAudit(tx, ctx, [{ group: "", kind: "User", name: username, uid: null, action, message: "", diff: [] }]);
}
