import { createHash } from "node:crypto";
import { SlipwayError } from "@slipway/contracts";
import { transaction } from "@slipway/db";
import * as z from "zod";
import { type Actor, authorise } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { Context } from "../context.ts";

/** How long a link can be used. */
export const SIGN_IN_LINK_MS = 60 * 60_000;
/** How long a browser stays signed in. */
export const SESSION_MS = 7 * 86_400_000;
/** Who signs in with a link, until there are users. */
const LINK_USER = "admin";

export type SignInLink = { secret: string; expiresAt: Date };
export type NewSession = { secret: string; expiresAt: Date };

/** Makes a link that signs one browser in, once, within an hour. Only the hash of its secret is kept. */
export async function createSignInLink(ctx: Context): Promise<SignInLink> {
  authorise(ctx.actor, "sign_in.link");
  const secret = ctx.random.bytes(32).toString("base64url");
  const expiresAt = new Date(ctx.clock.now() + SIGN_IN_LINK_MS);
  await transaction(ctx.db, async (tx) => {
    await tx.query("INSERT INTO sign_in_link (hash, actor, expires_at) VALUES ($1, $2, $3)", [
      hash(secret),
      LINK_USER,
      expiresAt,
    ]);
    await writeAudit(tx, ctx, [{ ...SUBJECT, action: "sign_in.link", message: "", diff: [] }]);
  });
  return { secret, expiresAt };
}

/**
 * Uses up a link and begins a session, both or neither; of two that use it at once, one succeeds. Open to everybody who has
 * the link's secret.
 * @throws sign_in/link_spent when it was used, is too old, or never was one
 */
export async function spendSignInLink(ctx: Omit<Context, "actor">, link: string): Promise<NewSession> {
  const secret = ctx.random.bytes(32).toString("base64url");
  const now = ctx.clock.now();
  const expiresAt = new Date(now + SESSION_MS);
  await transaction(ctx.db, async (tx) => {
    const { rows } = await tx.query<{ actor: string }>(
      "UPDATE sign_in_link SET spent_at = now() WHERE hash = $1 AND spent_at IS NULL AND expires_at > $2 RETURNING actor",
      [hash(link), new Date(now)],
    );
    const [found] = rows;
    if (found === undefined) throw new SlipwayError("sign_in/link_spent", {});
    await tx.query("INSERT INTO session (hash, actor, expires_at) VALUES ($1, $2, $3)", [
      hash(secret),
      found.actor,
      expiresAt,
    ]);
    const actor: Actor = { kind: "user", id: found.actor };
    await writeAudit(tx, { ...ctx, actor }, [{ ...SUBJECT, action: "sign_in", message: "", diff: [] }]);
  });
  return { secret, expiresAt };
}

const sessionRow = z.object({ actor: z.string() });

/** Who is signed in with a session's secret; null when nobody is. */
export async function readSession({ db, clock }: Pick<Context, "db" | "clock">, secret: string): Promise<Actor | null> {
  const { rows } = await db.pool.query("SELECT actor FROM session WHERE hash = $1 AND expires_at > $2", [
    hash(secret),
    new Date(clock.now()),
  ]);
  const found = sessionRow.safeParse(rows[0]);
  return found.success ? { kind: "user", id: found.data.actor } : null;
}

/** Ends a session; one that is not there is fine. */
export async function endSession({ db }: Pick<Context, "db">, secret: string): Promise<void> {
  await db.pool.query("DELETE FROM session WHERE hash = $1", [hash(secret)]);
}

const SUBJECT = { group: "", kind: "Session", name: "", uid: null };

function hash(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
