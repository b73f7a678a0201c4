import { expect, test } from "vitest";
import { createClientToken } from "../client-token/create-client-token.ts";
import { deleteResource } from "../resource/delete-resource.ts";
import { scaleResource } from "../resource/scale-resource.ts";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { signInByLink, testAuth } from "../testing/sign-in.ts";
import { AUDIT_LIMIT, type ListAudit, listAudit } from "./list-audit.ts";

type Ctx = Parameters<typeof listAudit>[0];
const said = ({ items }: { items: { action: string; name: string }[] }) =>
  items.map(({ action, name }) => `${action} ${name}`);

/** All pages one after another; `between` runs after each. */
async function walk(ctx: Ctx, query: ListAudit, between: () => Promise<unknown> = async () => undefined) {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listAudit>> = await listAudit(
      ctx,
      after === null ? query : { ...query, after },
    );
    ids.push(...page.items.map(({ id }) => id));
    after = page.next;
    await between();
  } while (after !== null);
  return ids;
}

test("who did what comes newest first, with when, why and each field before and after", async () => {
  const { ctx, apply } = await domain();
  const { metadata } = await apply(deployment("iris"));
  const ref = { kind: "Deployment", group: "default", name: "iris" } as const;
  await scaleResource(
    { ...ctx, actor: { kind: "user", id: "ada" } },
    { ref, replicas: 3, source: "console", message: "busy" },
  );
  const { items, next } = await listAudit(ctx, { group: "default" });
  expect(items).toMatchObject([
    {
      actor: "user:ada",
      action: "deployment.scale",
      ...ref,
      uid: metadata.uid,
      message: "busy",
      requestId: "req_domaintest",
      diff: [{ field: "spec.scaling.replicas", before: 1, after: 3 }],
    },
    { actor: "local-admin", action: "deployment.apply", ...ref },
  ]);
  expect(next).toBeNull();
});

test("pages miss and repeat nothing, also among entries of one moment and while more is done", async () => {
  const { ctx, db, apply } = await domain();
  // One apply writes all of its entries at the same moment.
  await apply(["a", "b", "c", "d", "e"].map((name) => deployment(name)).join("\n---\n"));
  await apply(deployment("f"));
  const { rows } = await db.pool.query<{ id: string }>("SELECT id FROM audit ORDER BY at DESC, id DESC");
  let made = 0;
  const seen = await walk(ctx, { group: "default", limit: 2 }, () => apply(deployment(`later-${made++}`)));
  expect(seen).toEqual(rows.map(({ id }) => id));
  expect(made).toBe(3);
});

test("group, kind, name and actor narrow it, alone and together", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  await apply(deployment("iris", { group: "other" }));
  await apply(deployment("fraud"), { ...ctx, actor: { kind: "user", id: "ada" } });
  await apply("{ apiVersion: slipway.dev/v1, kind: Server, metadata: { name: iris }, spec: {} }");
  const list = async (query: Partial<ListAudit>) => said(await listAudit(ctx, { group: "default", ...query })).sort();
  expect(await list({})).toEqual(["deployment.apply fraud", "deployment.apply iris", "server.apply iris"]);
  expect(await list({ group: "other" })).toEqual(["deployment.apply iris"]);
  expect(await list({ group: "*", name: "iris" })).toHaveLength(3);
  expect(await list({ kind: "Server" })).toEqual(["server.apply iris"]);
  expect(await list({ name: "iris", kind: "Deployment" })).toEqual(["deployment.apply iris"]);
  expect(await list({ name: "iri" })).toEqual([]);
  expect(await list({ actor: "user:ada" })).toEqual(["deployment.apply fraud"]);
  expect(await list({ actor: "user:ada", name: "iris" })).toEqual([]);
});

test("a verb and a time narrow it too, and a time that is none is refused by its field", async () => {
  const { ctx, apply, db } = await domain();
  await apply(deployment("iris"));
  await apply(deployment("old"));
  await scaleResource(ctx, { ref: { kind: "Deployment", group: "default", name: "iris" }, replicas: 3, source: "api" });
  await db.pool.query("ALTER TABLE audit DISABLE TRIGGER USER");
  await db.pool.query("UPDATE audit SET at = now() - interval '2 days' WHERE name = 'old'");
  const list = async (query: Partial<ListAudit>) => said(await listAudit(ctx, { group: "default", ...query })).sort();
  expect(await list({ action: "deployment.scale" })).toEqual(["deployment.scale iris"]);
  expect(await list({ from: "-24h", action: "deployment.apply" })).toEqual(["deployment.apply iris"]);
  expect(await list({ to: "-24h" })).toEqual(["deployment.apply old"]);
  expect(await list({ from: new Date(ctx.clock.now() - 3 * 86_400_000).toISOString(), to: "-1d" })).toEqual([
    "deployment.apply old",
  ]);
  for (const field of ["from", "to"] as const) {
    await expect(list({ [field]: "yesterday" })).rejects.toMatchObject({ code: "request/invalid", field });
  }
});

test("a group's newest entries, and those of all groups, are read by an index however many there are", async () => {
  const { db } = await domain();
  await db.pool.query(
    `INSERT INTO audit (id, at, actor, action, "group", kind, name, request_id)
     SELECT gen_random_uuid(), now() - n * interval '1 second', 'local-admin', 'deployment.apply', 'g' || n % 10, 'Deployment', 'n', 'req'
     FROM generate_series(1, 20000) n`,
  );
  await db.pool.query("ANALYZE audit");
  for (const where of ["", `WHERE "group" = 'g1'`]) {
    const { rows } = await db.pool.query(`EXPLAIN SELECT id FROM audit ${where} ORDER BY at DESC, id DESC LIMIT 51`);
    expect(JSON.stringify(rows)).toContain("Index Scan Backward");
  }
});

test("what was done to an object is still told when it is deleted", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  await deleteResource(ctx, { ref: { kind: "Deployment", group: "default", name: "iris" }, message: "unused" });
  const { items } = await listAudit(ctx, { group: "default", name: "iris" });
  expect(items[0]).toMatchObject({ action: "deployment.delete", message: "unused" });
});

test("no secret stands in it: neither a token, nor its digest, nor a sign-in link or session", async () => {
  const { ctx, db, apply } = await domain();
  await apply(deployment("iris"));
  const { token } = await createClientToken(ctx, { group: "default", deployment: "iris", client: "app" });
  const { link, cookie } = await signInByLink(ctx, testAuth(ctx));
  const { items } = await listAudit(ctx, { group: "*" });
  expect(said({ items })).toEqual([
    "sign_in admin",
    "sign_in.link admin",
    "client_token.create iris",
    "deployment.apply iris",
  ]);
  const { rows } = await db.pool.query<{ hmac: string }>("SELECT encode(hmac, 'hex') AS hmac FROM client_token");
  const text = JSON.stringify(items);
  for (const secret of [token, link, cookie.split("=")[1] ?? token, rows[0]?.hmac ?? token])
    expect(text).not.toContain(secret);
});

test("a page holds 200 entries at most, whatever is asked for", async () => {
  const { ctx, db } = await domain();
  await db.pool.query(
    `INSERT INTO audit (id, actor, action, "group", kind, name, request_id)
     SELECT gen_random_uuid(), 'local-admin', 'deployment.apply', 'default', 'Deployment', 'n' || n, 'req' FROM generate_series(1, 450) n`,
  );
  const { items, next } = await listAudit(ctx, { group: "default", limit: 10_000 });
  expect(items).toHaveLength(AUDIT_LIMIT);
  expect(next).not.toBeNull();
  expect(new Set(await walk(ctx, { group: "default", limit: 10_000 })).size).toBe(450);
});

test("a client or the scheduler may not read it, and a place that no list gave is refused", async () => {
  const { ctx } = await domain();
  const client = { kind: "client", deployment: "iris", client: "app" } as const;
  for (const actor of [client, { kind: "scheduler" } as const]) {
    await expect(listAudit({ ...ctx, actor }, { group: "*" })).rejects.toMatchObject({ code: "auth/forbidden" });
  }
  const elsewhere = Buffer.from(JSON.stringify(["now", "1"])).toString("base64url");
  for (const after of ["nonsense", elsewhere]) {
    await expect(listAudit(ctx, { group: "*", after })).rejects.toMatchObject({
      code: "request/invalid",
      field: "after",
    });
  }
});
