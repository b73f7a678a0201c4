import { SlipwayError } from "@slipway/contracts";
import { expect, test } from "vitest";
import type { SchedulerPort } from "../scheduler-port.ts";
import { readTokens } from "../status/read-world.ts";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { createClientToken, tokenHmac } from "./create-client-token.ts";
import { listClientTokens } from "./list-client-tokens.ts";
import { revokeClientToken } from "./revoke-client-token.ts";

const IRIS = { group: "default", deployment: "iris" };

function port(awaitRouted: SchedulerPort["awaitRouted"]): SchedulerPort {
  const refuse = () => {
    throw new SlipwayError("scheduler/no_leader", {});
  };
  return { explain: refuse, logs: refuse, awaitRouted };
}

test("a token is shown once; only its HMAC and a hint are kept, and nothing anywhere holds it", async () => {
  const { ctx, apply, db } = await domain();
  await apply(deployment("iris"));
  const { token, expiresAt } = await createClientToken(ctx, { ...IRIS, client: "app" });
  expect(token).toMatch(/^slw_[A-Za-z0-9_-]{43}$/);
  const days = (Date.parse(expiresAt ?? "") - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(89.9);
  expect(days).toBeLessThan(90.1);
  const [stored] = await readTokens(db.pool);
  expect(Buffer.from(stored?.hmac ?? []).equals(tokenHmac(ctx.tokenKey, token))).toBe(true);
  const tables = ["resource", "revision", "change", "audit", "event", "client_token"];
  const rows = await Promise.all(tables.map((table) => db.pool.query(`SELECT t::text AS text FROM "${table}" t`)));
  const everything = rows.flatMap((result) => result.rows.map((row) => row.text)).join("\n");
  expect(everything).toContain("client_token.create");
  expect(everything).not.toContain(token);
  expect(everything).not.toContain(token.slice(4, 30));
});

test("no client can be named like the console, which needs no token", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  await expect(createClientToken(ctx, { ...IRIS, client: "slipway-console" })).rejects.toThrow(/console itself/);
});

test("a name is taken while its token is valid; renewing replaces it, revoking frees it", async () => {
  const { ctx, apply, db } = await domain();
  await apply(deployment("iris"));
  await createClientToken(ctx, { ...IRIS, client: "app" });
  await expect(createClientToken(ctx, { ...IRIS, client: "app" })).rejects.toMatchObject({ code: "token/name_taken" });
  await createClientToken(ctx, { ...IRIS, client: "app", renew: true });
  await revokeClientToken(ctx, { ...IRIS, client: "app" });
  await expect(revokeClientToken(ctx, { ...IRIS, client: "app" })).rejects.toMatchObject({ code: "token/not_found" });
  await createClientToken(ctx, { ...IRIS, client: "app", expiresInDays: null });
  const tokens = await listClientTokens(ctx, IRIS);
  expect(tokens.map((token) => token.revokedAt === null)).toEqual([true, false, false]);
  expect(tokens[0]?.expiresAt).toBeNull();
  const { rows } = await db.pool.query("SELECT part FROM change ORDER BY seq OFFSET 1");
  expect(rows.map((row) => row.part)).toEqual(["control", "control", "control", "control"]);
});

test("of two that make a token for the same client at once one is refused", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  const outcomes = await Promise.allSettled([1, 2].map(() => createClientToken(ctx, { ...IRIS, client: "app" })));
  expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

test("an expired token does not take its name", async () => {
  const { ctx, apply, db } = await domain();
  await apply(deployment("iris"));
  await createClientToken(ctx, { ...IRIS, client: "app" });
  await db.pool.query("UPDATE client_token SET expires_at = now() - interval '1 minute'");
  await expect(createClientToken(ctx, { ...IRIS, client: "app" })).resolves.toBeDefined();
});

test("a client that is renewed again and again keeps only its last ended rows", async () => {
  const { ctx, apply, count } = await domain();
  await apply(deployment("iris"));
  for (let n = 0; n < 14; n += 1) await createClientToken(ctx, { ...IRIS, client: "app", renew: true });
  expect(await count("client_token")).toBe(11);
});

test("creating says whether the routers know the token, and is stored when no scheduler leads", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  const places: unknown[] = [];
  const routing = { ...ctx, scheduler: port(async (place) => void places.push(place)) };
  expect(await createClientToken(routing, { ...IRIS, client: "a" })).toMatchObject({ routed: true });
  expect(places).toMatchObject([{ xid: expect.stringMatching(/^\d+$/), seq: expect.stringMatching(/^\d+$/) }]);
  const leaderless = {
    ...ctx,
    scheduler: port(() => Promise.reject(new SlipwayError("scheduler/no_leader", {}))),
  };
  expect(await createClientToken(leaderless, { ...IRIS, client: "b" })).toMatchObject({ routed: false });
  expect(await listClientTokens(ctx, IRIS)).toHaveLength(2);
});

test("a router that never answers holds a new token up for the limit and no longer", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  const clock = {
    ...ctx.clock,
    after(_ms: number, callback: () => void) {
      queueMicrotask(callback);
      return () => undefined;
    },
  };
  const silent = port(
    (_place, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
  );
  const created = await createClientToken({ ...ctx, clock, scheduler: silent }, { ...IRIS, client: "a" });
  expect(created.routed).toBe(false);
});

test("a deployment that is not there or on its way out gets no token", async () => {
  const { ctx } = await domain();
  await expect(createClientToken(ctx, { ...IRIS, client: "app" })).rejects.toMatchObject({
    code: "resource/not_found",
  });
});
