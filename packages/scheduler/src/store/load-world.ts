import { ERROR_CODES, type ErrorCode } from "@slipway/contracts";
import { type Cursor, currentCursor, type Db } from "@slipway/db";
import { type ControlledResource, readPlacements, readResources, readTokens, type StoredToken } from "@slipway/domain";
import * as z from "zod";
import type { Planner } from "../planner/planner.ts";
import { modelVersion } from "../snapshot/model-version.ts";
import type { Placement, Rollout, RouteTokenRow, WorldResource } from "../snapshot/types.ts";

const addresses = z.object({ http: z.string(), grpc: z.string() });
const load = z.object({
  uri: z.string(),
  format: z.string(),
  sha256: z.string(),
  startTimeoutMs: z.number(),
  displayName: z.string(),
  batching: z.enum(["on", "off"]).optional(),
});
const placementRow = z.object({
  modelUid: z.string(),
  version: z.string(),
  serverUid: z.string(),
  replica: z.int(),
  generation: z.int(),
  memoryBytes: z.number(),
  state: z.enum(["wanted", "retiring", "unloading"]),
  load,
  serving: addresses.nullable(),
}) satisfies z.ZodType<Placement>;

const errorCode = z.custom<ErrorCode>((value) => typeof value === "string" && Object.hasOwn(ERROR_CODES, value));
const problem = z.object({ code: errorCode, text: z.string() });
const rolloutRow = z.object({
  uid: z.string(),
  stableGeneration: z.int().nullable(),
  stableVersion: z.string().nullable(),
  stableLoad: load.extend({ memoryBytes: z.number() }).nullable(),
  targetGeneration: z.int().nullable(),
  targetVersion: z.string().nullable(),
  failedGeneration: z.int().nullable(),
  // A code that another version of Slipway wrote counts as no failure, so that the version is tried once more.
  failure: problem.nullable().catch(null),
}) satisfies z.ZodType<Rollout>;

const resolvedRow = z.object({
  uid: z.string(),
  spec: z.object({ storageUri: z.string(), format: z.literal("onnx"), sha256: z.string().optional() }),
  sha256: z.string(),
});

export type LoadOptions = { onUnreadable: (what: { kind: string; name: string }) => void };

/**
 * Fills a planner's snapshot from the database and has everything planned. The cursor is taken first, so that following the
 * feed from it misses nothing that happened meanwhile.
 */
export async function loadWorld(db: Db, planner: Planner, nowMs: number, options: LoadOptions): Promise<Cursor> {
  const cursor = await currentCursor(db);
  const { world } = planner;
  world.clearDeclared();
  for (const resource of await readResources(db.pool, options)) {
    planner.putResource(toWorldResource(resource));
    if (resource.status !== null) world.statuses.set(resource.uid, resource.status);
  }
  for (const placement of z.array(placementRow).parse(await readPlacements(db.pool))) {
    world.putPlacement(placement);
    world.replica(placement.serverUid, placement.replica, nowMs);
  }
  for (const rollout of await readRollouts(db)) world.rollouts.set(rollout.uid, rollout);
  for (const { key, sha256 } of await readResolutions(db)) world.resolutions.set(key, sha256);
  for (const [uid, tokens] of groupTokens(await readTokens(db.pool))) world.setTokens(uid, tokens);
  planner.touchAll();
  return cursor;
}

/** Reads again what a change points to; what is gone is forgotten. */
export async function refreshResources(
  db: Db,
  planner: Planner,
  uids: readonly string[],
  options: LoadOptions,
): Promise<void> {
  const rows = await readResources(db.pool, { uids, ...options });
  const found = new Set(rows.map(({ uid }) => uid));
  for (const uid of uids) if (!found.has(uid)) planner.removeResource(uid);
  for (const row of rows) planner.putResource(toWorldResource(row));
}

/** Reads the tokens of deployments again. */
export async function refreshTokens(db: Db, planner: Planner, deploymentUids: readonly string[]): Promise<void> {
  const tokens = groupTokens(await readTokens(db.pool, deploymentUids));
  for (const uid of deploymentUids) {
    planner.world.setTokens(uid, tokens.get(uid) ?? []);
    planner.touch(uid);
  }
}

/** Uid and version of every resource, to compare a snapshot with. */
export async function readVersions(db: Db): Promise<Map<string, number>> {
  const { rows } = await db.pool.query("SELECT uid, version FROM resource");
  return new Map(
    z
      .array(z.object({ uid: z.string(), version: z.int() }))
      .parse(rows)
      .map(({ uid, version }) => [uid, version]),
  );
}

export function toWorldResource(row: ControlledResource): WorldResource {
  const { uid, group, name, generation, version, ownerUid, ownerGeneration } = row;
  const base = { uid, group, name, generation, version, ownerUid, ownerGeneration, deleting: row.deletedAt !== null };
  switch (row.kind) {
    case "Deployment":
      return { ...base, kind: row.kind, spec: row.spec, resolution: row.resolution };
    case "Model":
      return { ...base, kind: row.kind, spec: row.spec };
    case "Server":
      return { ...base, kind: row.kind, spec: row.spec };
    default:
      return row satisfies never;
  }
}

async function readRollouts(db: Db): Promise<Rollout[]> {
  const { rows } = await db.pool.query(
    `SELECT uid, stable_generation AS "stableGeneration", stable_version AS "stableVersion", stable_load AS "stableLoad",
            target_generation AS "targetGeneration", target_version AS "targetVersion",
            failed_generation AS "failedGeneration", failure FROM rollout`,
  );
  return z.array(rolloutRow).parse(rows);
}

async function readResolutions(db: Db): Promise<{ key: string; sha256: string }[]> {
  const { rows } = await db.pool.query(
    `SELECT v.uid, v.spec, v.resolution->>'sha256' AS sha256 FROM revision v JOIN resource r ON r.uid = v.uid
     WHERE v.kind = 'Model' AND v.resolution ? 'sha256' ORDER BY v.uid, v.generation`,
  );
  return z
    .array(resolvedRow)
    .parse(rows)
    .map(({ uid, spec, sha256 }) => ({ key: `${uid}/${modelVersion(spec)}`, sha256 }));
}

function groupTokens(tokens: readonly StoredToken[]): Map<string, RouteTokenRow[]> {
  const grouped = new Map<string, RouteTokenRow[]>();
  for (const { deploymentUid, client, hmac, expiresAt, revokedAt, replacedAt, methods } of tokens) {
    const times = {
      expiresAtMs: expiresAt?.getTime() ?? 0,
      revokedAtMs: revokedAt?.getTime() ?? 0,
      replacedAtMs: replacedAt?.getTime() ?? 0,
    };
    const row = { client, hmac, ...times, methods };
    const rows = grouped.get(deploymentUid);
    if (rows === undefined) grouped.set(deploymentUid, [row]);
    else rows.push(row);
  }
  return grouped;
}
