import { randomUUID } from "node:crypto";
import { DEPLOYMENT_SORTS, type DeploymentOrder, PENDING_STATUS } from "@slipway/contracts";
import type { Db } from "@slipway/db";
import fc from "fast-check";
import { expect, test } from "vitest";
import { domain } from "../testing/domain-fixture.ts";
import type { ListDeployments } from "./find-page.ts";
import { listDeploymentRows } from "./list-deployments.ts";

const ORDERS = DEPLOYMENT_SORTS.flatMap((sort): DeploymentOrder[] => [sort, `-${sort}`]);
const NARROWED: readonly Partial<ListDeployments>[] = [
  {},
  { labels: { any: ["kind=line"], none: [] } },
  { search: "m-" },
];

/** A line of the list, with keys that many others have too. */
type Line = { group: string; name: string; health: string; ready: number; requests: number | null; p95: number | null };

/** Straight into the tables, in place of the passing lines there were: what is tested is reading. */
async function putInPlaceOfPassing(db: Db, lines: readonly Line[]): Promise<void> {
  const given = lines.map(({ health, ready, ...line }) => {
    const status = { ...PENDING_STATUS, lifecycle: "Live", health, replicas: { ready, starting: 0, wanted: 3 } };
    return { ...line, uid: randomUUID(), status };
  });
  await db.pool.query(
    `WITH given AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS x(uid uuid, "group" text, name text, status jsonb, requests float8, p95 float8)
     ), gone AS (DELETE FROM resource WHERE name LIKE '%passing%'),
     said AS (INSERT INTO resource_status (uid, status) SELECT uid, status FROM given WHERE requests > 0),
     measured AS (
       INSERT INTO deployment_rate SELECT uid, requests, p95, NULL, now() FROM given WHERE requests IS NOT NULL
     )
     INSERT INTO resource (uid, "group", kind, name, labels, spec)
     SELECT uid, "group", 'Deployment', name, '{"kind":"line"}', '{"environment":"staging"}' FROM given`,
    [JSON.stringify(given)],
  );
}

function line(n: number, name: string): Line {
  return {
    group: n % 3 === 0 ? "other" : "default",
    name,
    health: n % 2 === 0 ? "Healthy" : "Failed",
    ready: n % 4,
    requests: n % 2 === 0 ? n / 3 : null,
    p95: n % 4 === 0 ? null : n / 7,
  };
}

test("walking all pages of any order meets each matching line exactly once while others come and go", async () => {
  const { ctx, db } = await domain();
  const lasting = Array.from({ length: 24 }, (_, n) => line(n, `m-${String((n * 7) % 24).padStart(2, "0")}`));
  await putInPlaceOfPassing(db, lasting);
  let fresh = 0;
  const walk = async (input: Omit<ListDeployments, "group">): Promise<string[]> => {
    const seen: string[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const place = after === undefined ? {} : { after };
      const { items, next } = await listDeploymentRows(ctx, { group: "*", ...input, ...place });
      seen.push(...items.map(({ group, name }) => `${group}/${name}`));
      fresh += 1;
      // Somewhere in the middle, and not always in the same place.
      await putInPlaceOfPassing(db, [line(fresh, `m-${String((fresh * 5) % 24).padStart(2, "0")}-passing-${fresh}`)]);
      after = next;
    }
    return seen.filter((key) => !key.includes("passing"));
  };
  const all = lasting.map(({ group, name }) => `${group}/${name}`).toSorted();
  const property = fc.asyncProperty(fc.integer({ min: 4, max: 9 }), fc.nat(2), async (limit, shift) => {
    for (const [n, order] of ORDERS.entries()) {
      const narrowed = NARROWED[(n + shift) % NARROWED.length];
      expect((await walk({ order, limit, ...narrowed })).toSorted(), order).toEqual(all);
    }
  });
  await fc.assert(property, { numRuns: 2 });
});
