import { expect, test } from "vitest";
import { listAudit } from "../audit/list-audit.ts";
import { domain } from "../testing/domain-fixture.ts";
import { ask, cookieOf, ORIGIN, signInByLink, testAuth } from "../testing/sign-in.ts";
import { endSessions, FRESH_LINK_MS, readAccount, removePasskey, setPassword } from "./account.ts";
import { SESSION_SECONDS } from "./create-auth.ts";
import { GUESSES } from "./limit-guesses.ts";
import { createSignInLink } from "./sign-in-link.ts";

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

test("a new password needs the old one, except just after a link of the local administrator; other browsers are signed out", async () => {
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
  const other = value[20] === "x" ? "y" : "x";
  expect(await actorOf(`${name}=${value.slice(0, 20)}${other}${value.slice(21)}`)).toBeNull();
  expect(name).toMatch(/^slipway_test/);
});

test("guessing passwords is slowed down by address and name together, also after a restart, and to the attempt", async () => {
  const { ctx, auth, byPassword, signIn } = await people();
  for (const user of ["ada", "bob"]) await setPassword((await signIn(user)).ctx, { password: PASSWORD });
  const guesses = Array.from({ length: GUESSES.addressAndName + 5 }, () => byPassword("ada", "a wrong password"));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(GUESSES.addressAndName);
  expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  const restarted = testAuth(ctx);
  expect(restarted).not.toBe(auth);
  const body = { username: "ada", password: PASSWORD };
  const refused = await ask(restarted, "/sign-in/username", { body });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("x-retry-after"))).toBeGreaterThan(0);
  expect((await ask(restarted, "/sign-in/username", { body, address: "192.0.2.77" })).status).toBe(200);
  expect((await byPassword("bob", PASSWORD)).status).toBe(200);
});

test("whoever signed in with this browser before signs in again, however many guess at their password", async () => {
  const { ctx, auth, byPassword, signIn } = await people();
  const { cookie, ctx: ada } = await signIn("ada");
  await setPassword(ada, { password: PASSWORD });
  for (let turn = 0; turn <= GUESSES.addressAndName; turn += 1) await byPassword("ada", "a wrong password");
  const body = { username: "ada", password: PASSWORD };
  expect((await ask(auth, "/sign-in/username", { body })).status).toBe(429);
  expect((await ask(auth, "/sign-in/username", { body, cookie })).status).toBe(200);
  const bobs = (await signIn("bob")).cookie;
  expect((await ask(auth, "/sign-in/username", { body, cookie: bobs })).status).toBe(429);
  const forged = cookie.replace(/known=[^.]*/, "known=0000000000000000000000");
  expect(forged).not.toBe(cookie);
  expect((await ask(auth, "/sign-in/username", { body, cookie: forged })).status).toBe(429);
  for (let turn = 0; turn < GUESSES.knownBrowser; turn += 1) {
    await ask(auth, "/sign-in/username", { body: { ...body, password: "a wrong password" }, cookie });
  }
  expect((await ask(auth, "/sign-in/username", { body, cookie })).status).toBe(429);
  const later = testAuth({ ...ctx, clock: { ...ctx.clock, now: () => Date.now() + 61_000 } });
  expect((await ask(later, "/sign-in/username", { body })).status).toBe(200);
});

test("one name is not guessed at from many addresses, nor many names from one", async () => {
  const { db, byPassword } = await people();
  const guess = async (name: string, address: string) => (await byPassword(name, "a wrong password", address)).status;
  /** As if so many had been made. */
  const count = (key: string, made: number) =>
    db.pool.query("UPDATE rate_limit SET count = $2 WHERE key = $1", [key, made]);
  expect(await guess("ada", "192.0.2.1")).toBe(401);
  await count("guess:name:ada", GUESSES.name - 1);
  expect([await guess("ada", "192.0.2.2"), await guess("ada", "192.0.2.3")]).toEqual([401, 429]);
  expect(await guess("bob", "2001:db8::1")).toBe(401);
  await count("guess:address:2001:0db8:0000:0000:0000:0000:0000:0000", GUESSES.address - 1);
  expect([await guess("eve", "2001:db8::ffff:2"), await guess("dan", "2001:db8::3")]).toEqual([401, 429]);
});

test("nobody signs in as somebody else by a link of their own, nor sets a password by one without the old one", async () => {
  const { ctx, auth, signIn, actorOf } = await people();
  const ada = await signIn("ada");
  await setPassword(ada.ctx, { password: PASSWORD });
  await expect(createSignInLink(ada.ctx, { user: "admin" })).rejects.toMatchObject({
    code: "auth/forbidden",
    field: "user",
  });
  const { secret, user } = await createSignInLink(ada.ctx);
  expect(user).toBe("ada");
  const cookie = cookieOf(await ask(auth, "/sign-in/link", { body: { link: secret } }));
  const actor = await actorOf(cookie);
  if (actor === null) throw new Error("nobody is signed in");
  await expect(setPassword({ ...ctx, actor }, { password: "another password" })).rejects.toMatchObject({
    code: "account/wrong_password",
  });
  await setPassword({ ...ctx, actor }, { password: "another password", current: PASSWORD });
  const { items } = await listAudit(ctx, { group: "*" });
  expect(items.filter(({ action }) => action === "sign_in").map(({ message }) => message)).toEqual([
    "by a link that user:ada made",
    "by a link that local-admin made",
  ]);
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
