import type { ResourceView } from "@slipway/contracts";
import { type Tx, withEpoch } from "@slipway/db";
import { systemClock } from "@slipway/service-kit";
import { testDatabase } from "@slipway/testkit";
import { systemRandom, type TokenContext, type Writer } from "../context.ts";
import { applyManifests } from "../resource/apply-manifests.ts";

/** A database with verbs on it, for tests. */
export async function domain(options: { max?: number } = {}) {
  const { db } = await testDatabase(options);
  const ctx: TokenContext = {
    actor: { kind: "local-admin" },
    db,
    clock: systemClock,
    random: systemRandom,
    requestId: "req_domaintest",
    tokenKey: Buffer.alloc(32, 7),
  };
  const scheduler: Writer = { ...ctx, actor: { kind: "scheduler" } };
  return {
    ctx,
    db,
    scheduler,
    /** Applies a text and gives its first resource. */
    async apply(manifest: string, on: TokenContext = ctx): Promise<ResourceView> {
      const { results } = await applyManifests(on, { manifest, source: "api" });
      const [first] = results;
      if (first === undefined) throw new Error("nothing was applied");
      return first.resource;
    },
    /** Runs what only the leader may do. */
    lead: <T>(work: (tx: Tx) => Promise<T>) => withEpoch(db, 0, work),
    async count(table: string): Promise<number> {
      const { rows } = await db.pool.query(`SELECT count(*)::int AS n FROM "${table}"`);
      return rows[0].n;
    },
  };
}

/** The manifest of a deployment; `lines` go below `spec`, two spaces deep. */
export function deployment(
  name: string,
  options: { group?: string; uri?: string; lines?: string; metadata?: string } = {},
): string {
  return `apiVersion: slipway.dev/v1
kind: Deployment
metadata: { name: ${name}, group: ${options.group ?? "default"}${options.metadata ?? ""} }
spec:
  variants: [{ model: { uri: "${options.uri ?? "file:/models/iris.onnx"}" } }]
${options.lines ?? ""}`;
}
