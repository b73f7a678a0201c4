import { expect, test } from "vitest";
import { domain } from "../testing/domain-fixture.ts";
import { createSignInLink, endSession, readSession, SESSION_MS, SIGN_IN_LINK_MS, spendSignInLink } from "./sign-in.ts";

test("a link signs in once; of many that spend it at once exactly one gets a session", async () => {
  const { ctx, count } = await domain();
  const { secret } = await createSignInLink(ctx);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => spendSignInLink(ctx, secret)));
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toMatchObject({
    code: "sign_in/link_spent",
  });
  expect(await count("session")).toBe(1);
});

test("a session names its user until it is ended or too old", async () => {
  const { ctx } = await domain();
  const session = await spendSignInLink(ctx, (await createSignInLink(ctx)).secret);
  expect(await readSession(ctx, session.secret)).toEqual({ kind: "user", id: "admin" });
  const later = { ...ctx, clock: { ...ctx.clock, now: () => Date.now() + SESSION_MS + 1_000 } };
  expect(await readSession(later, session.secret)).toBeNull();
  await endSession(ctx, session.secret);
  expect(await readSession(ctx, session.secret)).toBeNull();
  expect(await readSession(ctx, "made-up")).toBeNull();
});

test("a link that is too old, and one that never was, are refused", async () => {
  const { ctx } = await domain();
  const { secret } = await createSignInLink(ctx);
  const later = { ...ctx, clock: { ...ctx.clock, now: () => Date.now() + SIGN_IN_LINK_MS + 1_000 } };
  await expect(spendSignInLink(later, secret)).rejects.toMatchObject({ code: "sign_in/link_spent" });
  await expect(spendSignInLink(ctx, "made-up")).rejects.toMatchObject({ code: "sign_in/link_spent" });
});

test("neither the link's nor the session's secret is stored", async () => {
  const { ctx, db } = await domain();
  const link = await createSignInLink(ctx);
  const session = await spendSignInLink(ctx, link.secret);
  const tables = ["sign_in_link", "session", "audit"];
  const rows = await Promise.all(tables.map((table) => db.pool.query(`SELECT t::text AS text FROM "${table}" t`)));
  const everything = rows.flatMap((result) => result.rows.map((row) => row.text)).join("\n");
  for (const secret of [link.secret, session.secret]) {
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(Buffer.from(secret).toString("hex"));
  }
});

test("a client of an endpoint makes no links", async () => {
  const { ctx } = await domain();
  const client = { ...ctx, actor: { kind: "client", deployment: "iris", client: "app" } } as const;
  await expect(createSignInLink(client)).rejects.toMatchObject({ code: "auth/forbidden" });
});
