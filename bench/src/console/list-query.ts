import { DEPLOYMENT_SORTS, type DeploymentOrder, PENDING_STATUS } from "@slipway/contracts";
import type { Db } from "@slipway/db";
import {
  type Context,
  countFacets,
  type DeploymentFilter,
  type ListDeployments,
  listDeploymentRows,
  listGroups,
  listSavedViews,
  systemRandom,
} from "@slipway/domain";
import { pageStatement } from "@slipway/domain/deployment/find-page";
import { systemClock } from "@slipway/service-kit";
import { startOwnPostgres } from "@slipway/testkit";
import { report } from "../harness/report.ts";

/**
 * The list of deployments at 10,000 of them, each with its model, status, history and traffic: the time of a page in every
 * order and with typical filters, of the facets, of all that a first paint reads, and the size of a page, beside a bare
 * `SELECT ... LIMIT 50` of the same table in the same run. `--explain` prints the plans.
 */
const DEPLOYMENTS = 10_000;
const ROUNDS = 40;
const PAGE = 50;

const postgres = await startOwnPostgres();
try {
  const { db } = await postgres.database("bench_list");
  try {
    process.stdout.write(`storing ${DEPLOYMENTS} deployments ...\n`);
    await fill(db);
    await measure(db);
  } finally {
    await db.close();
  }
} finally {
  await postgres.stop();
}

async function measure(db: Db): Promise<void> {
  const ctx: Context = {
    actor: { kind: "local-admin" },
    db,
    clock: systemClock,
    random: systemRandom,
    requestId: "req_bench_list",
  };
  const queries: [name: string, query: Partial<ListDeployments>][] = [
    ...orders().map((order): [string, Partial<ListDeployments>] => [`sort_${order.replace("-", "desc_")}`, { order }]),
    ["all_groups", { group: "*" }],
    ["search_rare", { search: "model-0042" }],
    ["search_none", { search: "nothing like it" }],
    ["health_failed", { health: { any: ["Failed"], none: [] } }],
    ["label", { labels: { any: ["team=team-3"], none: [] }, order: "-updated" }],
    ["attention", { attention: ["any"], order: "health" }],
  ];
  const metrics: Record<string, number> = {};
  const all: number[] = [];
  const bare = await times(() =>
    db.pool.query("SELECT uid, name, spec FROM resource WHERE kind = 'Deployment' LIMIT 50"),
  );
  metrics.bare_select_p50_ms = at(bare, 0.5);
  metrics.bare_select_p95_ms = at(bare, 0.95);
  let largest = 0;
  for (const [name, query] of queries) {
    const input = { group: "default", limit: PAGE, ...query };
    const first = await listDeploymentRows(ctx, input);
    largest = Math.max(largest, Buffer.byteLength(JSON.stringify(first)));
    const taken = await times(() => listDeploymentRows(ctx, input));
    metrics[`${name}_p50_ms`] = at(taken, 0.5);
    metrics[`${name}_p95_ms`] = at(taken, 0.95);
    all.push(...taken);
  }
  await measureFirstPaint(ctx, metrics);
  const deep = await deepPage(ctx, "-updated");
  const taken = await times(() => listDeploymentRows(ctx, deep));
  metrics.page_150_p95_ms = at(taken, 0.95);
  metrics.page_p95_ms = at(all, 0.95);
  metrics.page_kb = largest / 1_000;
  await measureChurned(ctx, metrics);
  if (process.argv.includes("--explain")) await explain(db);
  report("list-query", metrics, [
    { metric: "page_p95_ms", atMost: 60 },
    { metric: "page_kb", atMost: 40 },
    { metric: "facets_p95_ms", atMost: 60 },
    { metric: "first_paint_p95_ms", atMost: 100 },
  ]);
}

/** The counts of the filters, and all that the server asks the database for to paint the list. */
async function measureFirstPaint(ctx: Context, metrics: Record<string, number>): Promise<void> {
  const filters: [name: string, filter: DeploymentFilter][] = [
    ["facets", { group: "default" }],
    ["facets_all_groups", { group: "*" }],
    ["facets_narrowed", { group: "default", health: { any: ["Failed"], none: [] }, attention: ["any"] }],
  ];
  for (const [name, filter] of filters) {
    const taken = await times(() => countFacets(ctx, filter));
    metrics[`${name}_p50_ms`] = at(taken, 0.5);
    metrics[`${name}_p95_ms`] = at(taken, 0.95);
  }
  const taken = await times(() =>
    Promise.all([
      listDeploymentRows(ctx, { group: "default", limit: PAGE }),
      countFacets(ctx, { group: "default" }),
      listSavedViews(ctx, { page: "deployments" }),
      listGroups(ctx),
    ]),
  );
  metrics.first_paint_p50_ms = at(taken, 0.5);
  metrics.first_paint_p95_ms = at(taken, 0.95);
}

function orders(): DeploymentOrder[] {
  return DEPLOYMENT_SORTS.flatMap((sort): DeploymentOrder[] => [sort, `-${sort}`]);
}

/** The slowest orders again, right after a tenth of all statuses changed and before a vacuum has seen it. */
async function measureChurned(ctx: Context, metrics: Record<string, number>): Promise<void> {
  await ctx.db.pool.query(
    `UPDATE resource_status SET status = status || '{"health":"Unknown"}' WHERE abs(hashtext(uid::text)) % 10 = 0`,
  );
  const taken: number[] = [];
  for (const order of ["lifecycle", "-health", "replicas"] as const)
    taken.push(...(await times(() => listDeploymentRows(ctx, { group: "default", order, limit: PAGE }))));
  metrics.churned_page_p50_ms = at(taken, 0.5);
  metrics.churned_page_p95_ms = at(taken, 0.95);
}

/** The page that stands behind 150 others. */
async function deepPage(ctx: Context, order: DeploymentOrder): Promise<ListDeployments> {
  const input = { group: "default", order, limit: PAGE };
  let after: string | undefined;
  for (let page = 0; page < 150; page += 1) {
    const { next } = await listDeploymentRows(ctx, { ...input, ...(after === undefined ? {} : { after }) });
    after = next ?? undefined;
  }
  return { ...input, ...(after === undefined ? {} : { after }) };
}

async function times(work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  await work();
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedMs = performance.now();
    await work();
    taken.push(performance.now() - startedMs);
  }
  return taken;
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function explain(db: Db): Promise<void> {
  for (const order of ["name", "-updated", "-requests"] as const) {
    const { sql, values } = pageStatement({ group: "default" }, order, PAGE + 1);
    const { rows } = await db.pool.query(`EXPLAIN (ANALYZE, BUFFERS) ${sql}`, values);
    process.stdout.write(`\n${order}\n${rows.map((row) => row["QUERY PLAN"]).join("\n")}\n`);
  }
}

/** Straight into the tables: what is measured is reading. */
async function fill(db: Db): Promise<void> {
  const status = {
    ...PENDING_STATUS,
    signature: {
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, 30] }],
      outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
    },
    conditions: ["Placed", "Loaded", "Routed"].map((type) => ({
      type,
      status: "True",
      reason: type,
      message: "",
      lastTransitionTime: "2026-01-01T00:00:00.000Z",
    })),
  };
  await db.pool.query(
    `INSERT INTO resource (uid, "group", kind, name, title, labels, spec, created_at, updated_at)
     SELECT gen_random_uuid(), CASE WHEN n % 20 = 0 THEN 'other' ELSE 'default' END, 'Deployment', 'model-' || lpad(n::text, 5, '0'),
            CASE WHEN n % 2 = 0 THEN 'Classifier of the ' || n || 'th kind of flower' END,
            jsonb_build_object('team', 'team-' || n % 12, 'tier', 'tier-' || n % 3),
            jsonb_build_object('type', 'Regular', 'running', true, 'environment', (ARRAY['development', 'staging', 'production'])[1 + n % 3],
              'variants', jsonb_build_array(jsonb_build_object('name', 'main', 'model', jsonb_build_object('format', 'onnx',
                'uri', 's3://models/of/team-' || n % 12 || '/model-' || n || '/v' || n % 9))),
              'access', jsonb_build_object('visibility', CASE WHEN n % 7 = 0 THEN 'public' ELSE 'private' END),
              'scaling', jsonb_build_object('replicas', n % 5), 'limits', jsonb_build_object('timeout', '30s', 'bodySize', '20Mi',
              'inFlightPerReplica', 64, 'startTimeout', '5m'), 'resources', '{}'::jsonb),
            now() - n * interval '1 minute', now() - (n * 7919 % 10000) * interval '1 minute'
     FROM generate_series(1, $1::int) n`,
    [DEPLOYMENTS],
  );
  await db.pool.query(
    `INSERT INTO resource (uid, "group", kind, name, spec, owner_uid, owner_generation)
     SELECT gen_random_uuid(), "group", 'Model', name || '.main', spec #> '{variants,0,model}', uid, 1 FROM resource WHERE kind = 'Deployment'`,
  );
  await db.pool.query(
    `INSERT INTO resource_status (uid, status)
     SELECT uid, $1::jsonb || jsonb_build_object(
       'lifecycle', (ARRAY['Live', 'Live', 'Live', 'Live', 'Updating', 'Deploying', 'Stopped'])[1 + abs(hashtext(name)) % 7],
       'health', (ARRAY['Healthy', 'Healthy', 'Healthy', 'Healthy', 'Healthy', 'Degraded', 'Failed'])[1 + abs(hashtext(name || 'h')) % 7],
       'traffic', (ARRAY['Serving', 'Serving', 'Partial', 'None'])[1 + abs(hashtext(name || 't')) % 4],
       'message', CASE WHEN abs(hashtext(name || 'h')) % 7 < 5 THEN '' ELSE 'Needs 3 GiB; the roomiest replica of server onnx has 1.2 GiB free. Raise its replicas or memory, or lower resources.memory.' END,
       'replicas', jsonb_build_object('ready', abs(hashtext(name)) % 5, 'starting', 0, 'wanted', abs(hashtext(name)) % 5))
     FROM resource`,
    [JSON.stringify(status)],
  );
  await db.pool.query(
    `INSERT INTO revision (uid, generation, "group", kind, name, manifest, spec, defaults_version, actor, source)
     SELECT uid, g, "group", kind, name, 'kind: Deployment', spec, 1, 'user:ada', 'console' FROM resource, generate_series(1, 3) g WHERE kind = 'Deployment'`,
  );
  await db.pool.query(
    `INSERT INTO deployment_rate (deployment_uid, requests_per_second, p95_ms, server_error_rate, at)
     SELECT uid, abs(hashtext(name)) % 1000 / 10.0, abs(hashtext(name)) % 300 / 10.0, abs(hashtext(name)) % 100 / 1000.0, now()
     FROM resource WHERE kind = 'Deployment' AND name > 'model-02'`,
  );
  await db.pool.query(
    `INSERT INTO client_token (id, deployment_uid, client, hmac, hint, expires_at)
     SELECT 'tok_' || name || c, uid, 'app-' || c, '\\x00', 'slw_', now() + c * interval '40 days' - interval '37 days'
     FROM resource, generate_series(1, 2) c WHERE kind = 'Deployment' AND abs(hashtext(name)) % 10 = 0`,
  );
  // As autovacuum leaves a platform that has run for some minutes.
  await db.pool.query("VACUUM ANALYZE");
}
