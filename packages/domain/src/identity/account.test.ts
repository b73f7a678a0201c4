import { expect, test } from "vitest";
import { listAudit } from "../audit/list-audit.ts";
import { domain } from "../testing/domain-fixture.ts";
import { ask, cookieOf, ORIGIN, signInByLink, testAuth } from "../testing/sign-in.ts";
import { endSessions, FRESH_LINK_MS, readAccount, removePasskey, setPassword } from "./account.ts";
import { SESSION_SECONDS } from "./create-auth.ts";

const PASSWORD = "correct horse battery";

async function people() {
  const { ctx, db } = await domain();
  const auth = testAuth(ctx);
  const byPassword = (username: string, password: string, address?: string) =>
    ask(auth, "/sign-in/username", { body: { username, password }, ...(address === undefined ? {} : { address }) });
  const actorOf = (cookie: string) => auth.actorOf(new Headers({ cookie }), ORIGIN);
  return { ctx, db, auth, byPassword, actorOf, signIn: (user?: string) => signInByLink(ctx, auth, user) };
}

test("who signed in by a link sets a password and signs in with it; a wrong one and an unknown name look alike", async () => {
  const { byPassword, actorOf, signIn } = await people();
  const { ctx } = await signIn("ada");
  await setPassword(ctx, { password: PASSWORD });
  const answer = await byPassword("ada", PASSWORD);
  expect(answer.status).toBe(200);
  expect(await actorOf(cookieOf(answer))).toMatchObject({ kind: "user", id: "ada" });
  const [wrong, unknown] = await Promise.all([byPassword("ada", "not the password"), byPassword("bob", PASSWORD)]);
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.text()).toBe(await unknown.text());
  expect(wrong.headers.getSetCookie()).toEqual([]);
});

test("the same name is the same user, whoever made the link", async () => {
  const { ctx, signIn } = await people();
  await signIn("ada");
  const { ctx: second } = await signIn("ada");
  expect((await readAccount(second)).sessions).toHaveLength(2);
  const { rows } = await ctx.db.pool.query("SELECT username FROM platform_user");
  expect(rows).toEqual([{ username: "ada" }]);
});

test("a new password needs the old one, except just after a link; other browsers are signed out", async () => {
  const { signIn, actorOf } = await people();
  const first = await signIn("ada");
  const other = await signIn("ada");
  await setPassword(first.ctx, { password: PASSWORD });
  expect(await actorOf(other.cookie)).toBeNull();
  expect(await actorOf(first.cookie)).not.toBeNull();
  const later = { ...first.ctx, clock: { ...first.ctx.clock, now: () => Date.now() + FRESH_LINK_MS + 1_000 } };
  await expect(setPassword(later, { password: "another password" })).rejects.toMatchObject({
    code: "account/wrong_password",
    field: "current",
  });
  await setPassword(later, { password: "another password", current: PASSWORD });
  await expect(setPassword(later, { password: "short" })).rejects.toThrow(/at least 10/);
});

test("a session names its user until it is ended or too old, and one's own list shows no secret", async () => {
  const { ctx, db, signIn, actorOf } = await people();
  const { cookie, ctx: ada } = await signIn("ada");
  const { sessions } = await readAccount(ada);
  expect(sessions).toMatchObject([{ method: "link", isThisOne: true }]);
  const { rows } = await db.pool.query<{ token: string }>("SELECT token FROM session");
  expect(JSON.stringify(sessions)).not.toContain(rows[0]?.token ?? "?");
  await db.pool.query("UPDATE session SET expires_at = now() - interval '1 second'");
  expect(await actorOf(cookie)).toBeNull();
  const again = await signIn("ada");
  await endSessions(again.ctx, { id: (await readAccount(again.ctx)).sessions[0]?.id ?? "" });
  expect(await actorOf(again.cookie)).toBeNull();
  await expect(readAccount(ctx)).rejects.toMatchObject({ code: "auth/forbidden" });
  expect(SESSION_SECONDS).toBe(7 * 86_400);
});

test("nobody ends a session or removes a passkey of somebody else", async () => {
  const { signIn, actorOf } = await people();
  const ada = await signIn("ada");
  const bob = await signIn("bob");
  const [session] = (await readAccount(ada.ctx)).sessions;
  await expect(endSessions(bob.ctx, { id: session?.id ?? "" })).rejects.toMatchObject({ code: "account/not_found" });
  await endSessions(bob.ctx, { all: true });
  expect(await actorOf(ada.cookie)).not.toBeNull();
  await expect(removePasskey(bob.ctx, "psk_none")).rejects.toMatchObject({ code: "account/not_found" });
});

test("a cookie whose signature is not ours signs nobody in, nor does what the database holds", async () => {
  const { db, signIn, actorOf } = await people();
  const { cookie } = await signIn("ada");
  const [name = "", value = ""] = cookie.split("=", 2);
  const { rows } = await db.pool.query<{ token: string }>("SELECT token FROM session");
  expect(await actorOf(`${name}=${rows[0]?.token}`)).toBeNull();
  expect(await actorOf(`${name}=${value.slice(0, 20)}x${value.slice(21)}`)).toBeNull();
  expect(name).toMatch(/^slipway_test/);
});

test("guessing passwords is slowed down by address, also after a restart", async () => {
  const { ctx, auth, byPassword, signIn } = await people();
  const { ctx: ada } = await signIn("ada");
  await setPassword(ada, { password: PASSWORD });
  const statuses: number[] = [];
  for (let turn = 0; turn < 12; turn += 1) statuses.push((await byPassword("ada", "a wrong password")).status);
  expect(statuses).toContain(429);
  const restarted = testAuth(ctx);
  expect(restarted).not.toBe(auth);
  const body = { username: "ada", password: PASSWORD };
  expect((await ask(restarted, "/sign-in/username", { body })).status).toBe(429);
  expect((await ask(restarted, "/sign-in/username", { body, address: "192.0.2.77" })).status).toBe(200);
});

test("the audit tells who did what without a secret, and a password is kept as argon2id", async () => {
  const { ctx, signIn } = await people();
  const { ctx: ada, link } = await signIn("ada");
  await setPassword(ada, { password: PASSWORD });
  const { items } = await listAudit(ctx, { group: "*" });
  expect(items.map(({ action, name }) => `${action} ${name}`)).toEqual([
    "account.password ada",
    "sign_in ada",
    "sign_in.link ada",
  ]);
  const { rows } = await ctx.db.pool.query("SELECT password FROM credential");
  expect(JSON.stringify(rows)).toContain("$argon2id$");
  for (const secret of [PASSWORD, link]) expect(JSON.stringify([items, rows])).not.toContain(secret);
});
