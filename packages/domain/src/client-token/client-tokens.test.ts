import { SlipwayError } from "@slipway/contracts";
import { expect, test } from "vitest";
import type { SchedulerPort } from "../scheduler-port.ts";
import { readTokens } from "../status/read-world.ts";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { createClientToken } from "./create-client-token.ts";
import { listClientTokens } from "./list-client-tokens.ts";
import { revokeClientToken } from "./revoke-client-token.ts";
import { rotateClientToken } from "./rotate-client-token.ts";
import { tokenHmac } from "./write-token.ts";

const IRIS = { group: "default", deployment: "iris" };

function port(awaitRouted: SchedulerPort["awaitRouted"]): SchedulerPort {
  const refuse = () => {
    throw new SlipwayError("scheduler/no_leader", {});
  };
  return { explain: refuse, fit: refuse, replicas: refuse, readLogs: refuse, awaitRouted };
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

test("renewing a client's token leaves every other client's token valid, of this deployment and of others", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  await apply(deployment("wine"));
  const WINE = { ...IRIS, deployment: "wine" };
  await createClientToken(ctx, { ...IRIS, client: "app" });
  await createClientToken(ctx, { ...IRIS, client: "other" });
  await createClientToken(ctx, { ...WINE, client: "app" });
  await createClientToken(ctx, { ...IRIS, client: "app", renew: true });
  const states = async (on: typeof IRIS) =>
    (await listClientTokens(ctx, on)).map(({ client, state }) => `${client} ${state}`).sort();
  expect(await states(IRIS)).toEqual(["app revoked", "app valid", "other valid"]);
  expect(await states(WINE)).toEqual(["app valid"]);
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

test("rotating shows a new token once while the old one goes on for the overlap, and no longer than it would have", async () => {
  const { ctx, apply, db } = await domain();
  await apply(deployment("iris"));
  const old = await createClientToken(ctx, { ...IRIS, client: "app", scope: { methods: ["infer"] } });
  const rotated = await rotateClientToken(ctx, { ...IRIS, client: "app", overlapHours: 2 });
  expect(rotated.token).not.toBe(old.token);
  expect(rotated.scope).toEqual({ methods: ["infer"] });
  const [newest, ending] = await listClientTokens(ctx, IRIS);
  expect([newest?.state, ending?.state]).toEqual(["valid", "ending"]);
  expect(ending).toMatchObject({ id: rotated.replaced.id, expiresAt: rotated.replaced.endsAt });
  const hours = (Date.parse(rotated.replaced.endsAt) - ctx.clock.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(1.99);
  expect(hours).toBeLessThan(2.01);
  const { rows } = await db.pool.query("SELECT action, diff FROM audit ORDER BY at DESC, id DESC LIMIT 1");
  expect(rows[0]).toMatchObject({ action: "client_token.rotate" });
  expect(JSON.stringify(rows[0])).not.toContain(rotated.token);
  expect(JSON.stringify(rows[0])).toContain(rotated.token.slice(-4));

  await createClientToken(ctx, { ...IRIS, client: "short", expiresInDays: 1 });
  const soon = await rotateClientToken(ctx, { ...IRIS, client: "short", overlapHours: 168, expiresInDays: null });
  expect((Date.parse(soon.replaced.endsAt) - ctx.clock.now()) / 3_600_000).toBeLessThan(24.01);
  expect(soon.expiresAt).toBeNull();
});

test("an overlap of nothing ends the old token at once", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  await createClientToken(ctx, { ...IRIS, client: "app", expiresInDays: null });
  await rotateClientToken(ctx, { ...IRIS, client: "app", overlapHours: 0 });
  expect((await listClientTokens(ctx, IRIS)).map(({ state }) => state)).toEqual(["valid", "expired"]);
});

test("a client has two valid tokens at most: a third rotation names the one that must end first", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  await expect(rotateClientToken(ctx, { ...IRIS, client: "app" })).rejects.toMatchObject({ code: "token/not_found" });
  const first = await createClientToken(ctx, { ...IRIS, client: "app" });
  const outcomes = await Promise.allSettled([1, 2].map(() => rotateClientToken(ctx, { ...IRIS, client: "app" })));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const refused = await rotateClientToken(ctx, { ...IRIS, client: "app" }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "token/two_valid", message: expect.stringContaining(first.token.slice(-4)) });
  await revokeClientToken(ctx, { ...IRIS, client: "app", token: first.token.slice(-4) });
  await expect(rotateClientToken(ctx, { ...IRIS, client: "app" })).resolves.toBeDefined();
});

test("one token of a client is revoked by its id or its ends, the other goes on; without either both end", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  await createClientToken(ctx, { ...IRIS, client: "app" });
  const { replaced } = await rotateClientToken(ctx, { ...IRIS, client: "app" });
  const states = async () => (await listClientTokens(ctx, IRIS)).map(({ state }) => state);
  await expect(revokeClientToken(ctx, { ...IRIS, client: "app", token: "none" })).rejects.toMatchObject({
    code: "token/not_found",
  });
  expect(await revokeClientToken(ctx, { ...IRIS, client: "app", token: replaced.id })).toMatchObject({
    hint: replaced.hint,
  });
  expect(await states()).toEqual(["valid", "revoked"]);
  await rotateClientToken(ctx, { ...IRIS, client: "app" });
  await revokeClientToken(ctx, { ...IRIS, client: "app" });
  expect(await states()).toEqual(["revoked", "revoked", "revoked"]);
});

test("a scope is stored as it was asked for, and is everything when nothing was said", async () => {
  const { ctx, apply, db } = await domain();
  await apply(deployment("iris"));
  await createClientToken(ctx, { ...IRIS, client: "all" });
  await createClientToken(ctx, { ...IRIS, client: "one", scope: { methods: ["metadata"] } });
  const tokens = await listClientTokens(ctx, IRIS);
  expect(tokens.map(({ scope }) => scope.methods)).toEqual([["infer", "metadata"], ["metadata"]]);
  expect((await readTokens(db.pool)).map(({ methods }) => methods.join()).toSorted()).toEqual([
    "infer,metadata",
    "metadata",
  ]);
  for (const methods of [[], ["infer", "infer"] as const]) {
    await expect(
      createClientToken(ctx, { ...IRIS, client: "none", scope: { methods: [...methods] } }),
    ).rejects.toThrow();
  }
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
