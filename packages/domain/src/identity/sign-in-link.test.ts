import { expect, test } from "vitest";
import { domain } from "../testing/domain-fixture.ts";
import { createSignInLink, SIGN_IN_LINK_MS, spendSignInLink } from "./sign-in-link.ts";

test("a link signs in once, as the user that it names; of many that spend it at once exactly one may begin", async () => {
  const { ctx } = await domain();
  const { secret } = await createSignInLink(ctx, { user: "ada" });
  const begun: string[] = [];
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, () => spendSignInLink(ctx, secret, async ({ user }) => begun.push(user))),
  );
  expect(begun).toEqual(["ada"]);
  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(7);
  expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toMatchObject({
    code: "sign_in/link_spent",
  });
});

test("a link whose session could not begin is not used up", async () => {
  const { ctx } = await domain();
  const { secret } = await createSignInLink(ctx);
  await expect(spendSignInLink(ctx, secret, () => Promise.reject(new Error("no room")))).rejects.toThrow("no room");
  const spent = await spendSignInLink(ctx, secret, (link) => Promise.resolve(link));
  expect(spent).toEqual({ user: "admin", madeBy: "local-admin" });
});

test("a link that is too old, and one that never was, are refused", async () => {
  const { ctx } = await domain();
  const { secret } = await createSignInLink(ctx);
  const later = { ...ctx, clock: { ...ctx.clock, now: () => Date.now() + SIGN_IN_LINK_MS + 1_000 } };
  const begin = () => Promise.resolve();
  await expect(spendSignInLink(later, secret, begin)).rejects.toMatchObject({ code: "sign_in/link_spent" });
  await expect(spendSignInLink(ctx, "made-up", begin)).rejects.toMatchObject({ code: "sign_in/link_spent" });
});

test("the link's secret is not stored", async () => {
  const { ctx, db } = await domain();
  const { secret } = await createSignInLink(ctx);
  const tables = ["sign_in_link", "audit"];
  const rows = await Promise.all(tables.map((table) => db.pool.query(`SELECT t::text AS text FROM "${table}" t`)));
  const everything = rows.flatMap((result) => result.rows.map((row: { text: string }) => row.text)).join("\n");
  expect(everything).not.toContain(secret);
  expect(everything).not.toContain(Buffer.from(secret).toString("hex"));
});

test("a client of an endpoint makes no links", async () => {
  const { ctx } = await domain();
  const client = { ...ctx, actor: { kind: "client", deployment: "iris", client: "app" } } as const;
  await expect(createSignInLink(client)).rejects.toMatchObject({ code: "auth/forbidden" });
});
