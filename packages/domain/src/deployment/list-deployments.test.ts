import { attentionReason, PENDING_STATUS, type ResourceStatus } from "@slipway/contracts";
import { writeTestStatus } from "@slipway/testkit";
import { expect, test } from "vitest";
import { createClientToken } from "../client-token/create-client-token.ts";
import { deleteResource } from "../resource/delete-resource.ts";
import { writeStatuses } from "../status/write-statuses.ts";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { countFacets } from "./count-facets.ts";
import type { ListDeployments } from "./find-page.ts";
import { listDeploymentRows, listDeployments } from "./list-deployments.ts";

type Fixture = Awaited<ReturnType<typeof domain>>;

const LIVE: Partial<ResourceStatus> = { lifecycle: "Live", health: "Healthy", traffic: "Serving" };

async function named(fixture: Fixture, input: Partial<ListDeployments>): Promise<string[]> {
  const { items } = await listDeploymentRows(fixture.ctx, { group: "default", ...input });
  return items.map(({ name }) => name);
}

/** Says what a scheduler would of one that was just applied. */
async function say({ db }: Fixture, uid: string, status: Partial<ResourceStatus>): Promise<void> {
  await writeTestStatus(db, uid, status);
}

/** Says what a recorder would of the last minute. */
async function measure(
  { db }: Fixture,
  uid: string,
  {
    requests,
    p95Ms = null,
    errors = null,
    agoS = 5,
  }: { requests: number; p95Ms?: number | null; errors?: number | null; agoS?: number },
): Promise<void> {
  await db.pool.query("INSERT INTO deployment_rate VALUES ($1, $2, $3, $4, now() - $5 * interval '1 second')", [
    uid,
    requests,
    p95Ms,
    errors,
    agoS,
  ]);
}

async function aFleet(fixture: Fixture): Promise<void> {
  const put = async (name: string, metadata: string, lines: string, status: Partial<ResourceStatus>) =>
    say(fixture, (await fixture.apply(deployment(name, { metadata, lines }))).metadata.uid, status);
  await put("iris", ", title: Iris flowers, labels: { team: growth, tier: one }", "  environment: production", {
    ...LIVE,
    replicas: { ready: 3, starting: 0, wanted: 3 },
  });
  await put("fraud", ", labels: { team: risk }", "  environment: production\n  access: { visibility: public }", {
    ...LIVE,
    health: "Failed",
    traffic: "None",
  });
  await put("digits", ", labels: { team: growth }", "  environment: staging", { ...LIVE, health: "Degraded" });
  await put("spare", "", "  running: false", { lifecycle: "Stopped", health: "Healthy" });
}

test("a line holds what a list shows and nothing that makes a page large", async () => {
  const fixture = await domain();
  const { metadata } = await fixture.apply(
    deployment("iris", {
      uri: `s3://models/${"deep/".repeat(100)}iris/v3`,
      metadata: ", title: Iris, labels: { a: '1', b: '2', c: '3', d: '4', e: '5', f: '6', g: '7' }",
    }),
  );
  await say(fixture, metadata.uid, { ...LIVE, message: "x".repeat(2_000) });
  const { items } = await listDeploymentRows(fixture.ctx, { group: "default" });
  expect(items).toMatchObject([
    {
      uid: metadata.uid,
      name: "iris",
      title: "Iris",
      version: 1,
      lifecycle: "Live",
      type: "Regular",
      environment: "development",
      visibility: "private",
      createdBy: "local-admin",
      model: { uri: expect.stringMatching(/^….*iris\/v3$/), registered: null },
    },
  ]);
  expect(Object.keys(items[0]?.labels ?? {})).toHaveLength(6);
  expect(JSON.stringify(items[0]).length).toBeLessThan(1_200);
});

test("a search finds a part of the name, title, uid, model, label, or the endpoint that was pasted", async () => {
  const fixture = await domain();
  const { metadata } = await fixture.apply(
    deployment("iris", { uri: "s3://models/Flowers/v3", metadata: ", title: 100% Petals, labels: { team: growth }" }),
  );
  await fixture.apply(deployment("iris-two", { group: "other", uri: "file:/models/second" }));
  await fixture.apply(deployment("fraud", { uri: "file:/models/third" }));
  const all = (search: string) => named(fixture, { group: "*", search });
  expect(await all("IRIS")).toEqual(["iris", "iris-two"]);
  expect(await all("0% pet")).toEqual(["iris"]);
  expect(await all("%")).toEqual(["iris"]);
  expect(await all(metadata.uid.slice(9))).toEqual(["iris"]);
  expect(await all("flowers/V3")).toEqual(["iris"]);
  expect(await all("team=growth")).toEqual(["iris"]);
  expect(await all("http://127.0.0.1:7080/serve/default/iris/v2/models/iris/infer")).toEqual(["iris"]);
  expect(await all("/serve/other/")).toEqual(["iris-two"]);
  expect(await all("nothing like it")).toEqual([]);
});

test("several values of a facet are alternatives, several facets all count, and ! leaves out", async () => {
  const fixture = await domain();
  await aFleet(fixture);
  const any = (...values: string[]) => ({ any: values, none: [] });
  const none = (...values: string[]) => ({ any: [], none: values });
  expect(await named(fixture, { health: any("Failed", "Degraded") })).toEqual(["digits", "fraud"]);
  expect(await named(fixture, { health: any("Failed", "Degraded"), environment: any("staging") })).toEqual(["digits"]);
  expect(await named(fixture, { lifecycle: none("Live") })).toEqual(["spare"]);
  expect(await named(fixture, { visibility: any("public") })).toEqual(["fraud"]);
  expect(await named(fixture, { format: none("onnx") })).toEqual([]);
  expect(await named(fixture, { labels: any("team=growth", "team=risk") })).toEqual(["digits", "fraud", "iris"]);
  expect(await named(fixture, { labels: any("team=growth", "tier=one") })).toEqual(["iris"]);
  expect(await named(fixture, { labels: none("team=growth") })).toEqual(["fraud", "spare"]);
});

test("a facet counts what each choice would give beside the others, and is not narrowed by itself", async () => {
  const fixture = await domain();
  await aFleet(fixture);
  const { total, facets } = await countFacets(fixture.ctx, {
    group: "default",
    health: { any: ["Failed"], none: [] },
    environment: { any: ["production"], none: [] },
  });
  expect(total).toBe(1);
  expect(facets.health).toEqual([
    { value: "Failed", count: 1 },
    { value: "Healthy", count: 1 },
  ]);
  expect(facets.environment).toEqual([{ value: "production", count: 1 }]);
  expect(facets.labels).toEqual([{ value: "team=risk", count: 1 }]);
  expect(facets.attention).toContainEqual({ value: "failed", count: 1 });
});

test("every choice of every facet gives as many lines as its count says", async () => {
  const fixture = await domain();
  await aFleet(fixture);
  const { total, facets } = await countFacets(fixture.ctx, { group: "default" });
  expect(total).toBe(4);
  for (const facet of ["lifecycle", "health", "environment", "visibility", "format", "labels"] as const) {
    expect(facets[facet].length, facet).toBeGreaterThan(0);
    for (const { value, count } of facets[facet]) {
      expect(await named(fixture, { [facet]: { any: [value], none: [] } }), `${facet} ${value}`).toHaveLength(count);
    }
  }
  for (const { value, count } of facets.attention) {
    const reason = value === "any" ? "any" : attentionReason.parse(value);
    expect(await named(fixture, { attention: [reason] }), value).toHaveLength(count);
  }
});

test("attention: failed, degraded, stuck for too long, live without traffic, a token that ends soon; not what is well", async () => {
  const fixture = await domain();
  const { ctx, db } = fixture;
  await aFleet(fixture);
  const slow = (await fixture.apply(deployment("slow"))).metadata.uid;
  await say(fixture, slow, { lifecycle: "Deploying", health: "Unknown" });
  const busy = (await fixture.apply(deployment("busy"))).metadata.uid;
  await say(fixture, busy, { lifecycle: "Updating", health: "Healthy", traffic: "Serving" });
  await db.pool.query("UPDATE resource_status SET lifecycle_since = now() - interval '11 minutes' WHERE uid = $1", [
    slow,
  ]);
  await createClientToken(ctx, { group: "default", deployment: "iris", client: "app", expiresInDays: 5 });
  await createClientToken(ctx, { group: "default", deployment: "busy", client: "app", expiresInDays: 30 });
  const { items } = await listDeploymentRows(ctx, { group: "default", attention: ["any"] });
  expect(Object.fromEntries(items.map(({ name, attention }) => [name, attention]))).toEqual({
    digits: ["degraded"],
    fraud: ["failed", "noTraffic"],
    iris: ["tokenExpires"],
    slow: ["stuck"],
  });
  expect(await named(fixture, { attention: ["stuck"] })).toEqual(["slow"]);
  expect(await named(fixture, { attention: ["stuck"], stuckMinutes: 60 })).toEqual([]);
  await createClientToken(ctx, { group: "default", deployment: "iris", client: "app", expiresInDays: 90, renew: true });
  expect(await named(fixture, { attention: ["tokenExpires"] })).toEqual([]);
});

test("a lifecycle that stays keeps the time since when it is so, whatever else of the status changes", async () => {
  const { lead, scheduler, apply, db } = await domain();
  const { uid } = (await apply(deployment("iris"))).metadata;
  const write = (status: Partial<ResourceStatus>) =>
    lead((tx) => writeStatuses(tx, scheduler, new Map([[uid, { ...PENDING_STATUS, ...status }]])));
  const since = async () =>
    (await db.pool.query("SELECT lifecycle_since AS at FROM resource_status")).rows[0].at.getTime();
  await write({ lifecycle: "Deploying" });
  await db.pool.query("UPDATE resource_status SET lifecycle_since = '2026-01-01'");
  const before = await since();
  await write({ lifecycle: "Deploying", message: "Fetching." });
  expect(await since()).toBe(before);
  await write({ lifecycle: "Live" });
  expect(await since()).toBeGreaterThan(before);
});

test("a deployment on its way out is Deleting whatever its status still says, and asks for no attention", async () => {
  const fixture = await domain();
  await aFleet(fixture);
  await deleteResource(fixture.ctx, { ref: { kind: "Deployment", group: "default", name: "fraud" } });
  expect(await named(fixture, { lifecycle: { any: ["Deleting"], none: [] } })).toEqual(["fraud"]);
  expect(await named(fixture, { attention: ["failed"] })).toEqual([]);
});

test("the worst health comes first, and - turns an order round", async () => {
  const fixture = await domain();
  await aFleet(fixture);
  expect(await named(fixture, { order: "health" })).toEqual(["fraud", "digits", "iris", "spare"]);
  expect(await named(fixture, { order: "-replicas" })).toEqual(["iris", "digits", "fraud", "spare"]);
  expect(await named(fixture, { order: "-name" })).toEqual(["spare", "iris", "fraud", "digits"]);
  expect(await named(fixture, { order: "-created" })).toEqual(["spare", "digits", "fraud", "iris"]);
});

test("figures of the last minute sort; what has none counts least, and what nobody renews is not shown", async () => {
  const fixture = await domain();
  const uid = async (name: string) => (await fixture.apply(deployment(name))).metadata.uid;
  await measure(fixture, await uid("busy"), { requests: 40, p95Ms: 9, errors: 0.5 });
  await measure(fixture, await uid("calm"), { requests: 2, p95Ms: 30, errors: 0 });
  await measure(fixture, await uid("idle"), { requests: 0, agoS: 9_000 });
  await measure(fixture, await uid("left"), { requests: 99, p95Ms: 1, errors: 1, agoS: 9_000 });
  expect(await named(fixture, { order: "-requests" })).toEqual(["busy", "calm", "idle", "left"]);
  expect(await named(fixture, { order: "-p95" })).toEqual(["calm", "busy", "idle", "left"]);
  expect(await named(fixture, { order: "-errors" })).toEqual(["busy", "calm", "idle", "left"]);
  const { items } = await listDeploymentRows(fixture.ctx, { group: "default" });
  expect(items.map(({ rate }) => rate?.requestsPerSecond)).toEqual([40, 2, 0, undefined]);
});

test("whole resources come in the order of the lines", async () => {
  const fixture = await domain();
  await aFleet(fixture);
  const { items } = await listDeployments(fixture.ctx, { group: "default", order: "-name", limit: 2 });
  expect(items.map(({ metadata, kind }) => [kind, metadata.name])).toEqual([
    ["Deployment", "spare"],
    ["Deployment", "iris"],
  ]);
});

test("a place is refused that no list gave, or that a list of another order gave", async () => {
  const fixture = await domain();
  await aFleet(fixture);
  const { next } = await listDeploymentRows(fixture.ctx, { group: "default", order: "name", limit: 1 });
  for (const after of ["nonsense", next ?? ""]) {
    const listing = listDeploymentRows(fixture.ctx, { group: "default", order: "-updated", after });
    await expect(listing).rejects.toMatchObject({ code: "request/invalid", field: "after" });
  }
});

test("who may not read is refused", async () => {
  const { ctx } = await domain();
  const client = { ...ctx, actor: { kind: "client" as const, deployment: "iris", client: "app" } };
  await expect(listDeploymentRows(client, { group: "default" })).rejects.toMatchObject({ code: "auth/forbidden" });
  await expect(countFacets(client, { group: "default" })).rejects.toMatchObject({ code: "auth/forbidden" });
});
