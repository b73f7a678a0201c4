import { type Manifest, manifestValue, parseManifest } from "@slipway/contracts";
import type { Db, Tx } from "@slipway/db";
import * as z from "zod";
import { type ResourceRow, resourceRow, SELECT_RESOURCES } from "../resource/resource-row.ts";

type Typed = {
  [Name in Manifest["kind"]]: { kind: Name; spec: Extract<Manifest, { kind: Name }>["spec"] };
}[Manifest["kind"]];

/** A resource as controllers see it: its spec in its kind's form. */
export type ControlledResource = Omit<ResourceRow, "kind" | "spec"> & Typed;

/** Resources for controllers: those of these uids, or all there are. One that this version cannot read is reported and left out. */
export async function readResources(
  on: Tx | Db["pool"],
  options: { uids?: readonly string[]; onUnreadable?: (row: ResourceRow) => void } = {},
): Promise<ControlledResource[]> {
  const { rows } = await on.query(`${SELECT_RESOURCES} WHERE $1::uuid[] IS NULL OR r.uid = ANY($1)`, [
    options.uids ?? null,
  ]);
  return z
    .array(resourceRow)
    .parse(rows)
    .flatMap((row) => {
      const parsed = parseManifest(manifestValue(row));
      if (!parsed.ok) {
        options.onUnreadable?.(row);
        return [];
      }
      return [{ ...row, ...typedSpec(parsed.manifest) }];
    });
}

function typedSpec(manifest: Manifest): Typed {
  switch (manifest.kind) {
    case "Deployment":
      return { kind: manifest.kind, spec: manifest.spec };
    case "Model":
      return { kind: manifest.kind, spec: manifest.spec };
    case "Server":
      return { kind: manifest.kind, spec: manifest.spec };
    default:
      return manifest satisfies never;
  }
}

const tokenRow = z.object({
  deploymentUid: z.string(),
  client: z.string(),
  hmac: z.instanceof(Uint8Array),
  expiresAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  replacedAt: z.date().nullable(),
  methods: z.array(z.string()),
});
export type StoredToken = z.output<typeof tokenRow>;

/** Client tokens for the route table: those of these deployments, or all, also the revoked and expired ones, so that their users are told. */
export async function readTokens(on: Tx | Db["pool"], deploymentUids?: readonly string[]): Promise<StoredToken[]> {
  const { rows } = await on.query(
    `SELECT deployment_uid AS "deploymentUid", client, hmac, expires_at AS "expiresAt", revoked_at AS "revokedAt",
            replaced_at AS "replacedAt", methods
     FROM client_token WHERE $1::uuid[] IS NULL OR deployment_uid = ANY($1)`,
    [deploymentUids ?? null],
  );
  return z.array(tokenRow).parse(rows);
}

const placementRow = z.object({
  modelUid: z.string(),
  version: z.string(),
  serverUid: z.string(),
  replica: z.int(),
  generation: z.int(),
  memoryBytes: z.coerce.number(),
  state: z.string(),
  load: z.record(z.string(), z.unknown()),
  serving: z.record(z.string(), z.unknown()).nullable(),
});
export type StoredPlacement = z.output<typeof placementRow>;

/** All placements that are stored. */
export async function readPlacements(on: Tx | Db["pool"]): Promise<StoredPlacement[]> {
  const { rows } = await on.query(
    `SELECT model_uid AS "modelUid", version, server_uid AS "serverUid", replica, generation,
            memory_bytes AS "memoryBytes", state, load, serving FROM placement`,
  );
  return z.array(placementRow).parse(rows);
}
