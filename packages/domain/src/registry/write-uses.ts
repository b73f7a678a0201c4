import { type Resolution, SlipwayError } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import * as z from "zod";

/** A deployment and the versions that its variants stand for from now on. */
export type DeploymentUse = { uid: string; group: string; models: Resolution };

const usedRow = z.object({ uid: z.string(), variant: z.string() });

/**
 * Notes which versions deployments stand for, in place of what was noted before, in a fixed number of statements. The
 * database then refuses to delete them.
 * @throws registry/version_not_found when one of them was deleted meanwhile, or its bytes are others than they were
 */
export async function writeUses(tx: Tx, deployments: readonly DeploymentUse[]): Promise<void> {
  if (deployments.length === 0) return;
  await tx.query("DELETE FROM model_use WHERE deployment_uid = ANY($1::uuid[])", [deployments.map(({ uid }) => uid)]);
  const uses = deployments.flatMap(({ uid, group, models }) =>
    Object.entries(models).map(([variant, { registered, sha256 }]) => ({ uid, group, variant, sha256, ...registered })),
  );
  if (uses.length === 0) return;
  const { rows } = await tx.query(
    `INSERT INTO model_use (deployment_uid, variant, model_id, version, alias)
     SELECT x.uid, x.variant, v.model_id, v.version, x.alias
     FROM jsonb_to_recordset($1::jsonb)
       AS x(uid uuid, "group" text, variant text, sha256 text, name text, version int, alias text)
     JOIN registered_model m ON m."group" = x."group" AND m.name = x.name
     JOIN model_version v ON v.model_id = m.id AND v.version = x.version AND v.sha256 = x.sha256
     FOR SHARE OF m, v
     RETURNING deployment_uid AS uid, variant`,
    [JSON.stringify(uses)],
  );
  const written = new Set(
    z
      .array(usedRow)
      .parse(rows)
      .map(({ uid, variant }) => `${uid}/${variant}`),
  );
  const missing = uses.find(({ uid, variant }) => !written.has(`${uid}/${variant}`));
  if (missing !== undefined) {
    throw new SlipwayError("registry/version_not_found", { model: missing.name, version: missing.version });
  }
}
