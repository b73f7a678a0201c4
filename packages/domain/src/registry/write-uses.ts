import { type Resolution, SlipwayError } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import * as z from "zod";
import { announceUses } from "./record-model-change.ts";

/** A deployment and the versions that its variants stand for from now on. */
export type DeploymentUse = { uid: string; group: string; models: Resolution };

const usedRow = z.object({ uid: z.string(), variant: z.string(), modelId: z.string(), version: z.int() });
type UsedRow = z.output<typeof usedRow>;
const USED = `deployment_uid AS uid, variant, model_id AS "modelId", version`;

/**
 * Notes which versions deployments stand for, in place of what was noted before, in a fixed number of statements. The
 * database then refuses to delete them. Models that are deployed elsewhere than before are told of in the change feed.
 * @throws registry/version_not_found when one of them was deleted meanwhile, or its bytes are others than they were
 */
export async function writeUses(tx: Tx, deployments: readonly DeploymentUse[]): Promise<void> {
  if (deployments.length === 0) return;
  const before = await forgetUses(
    tx,
    deployments.map(({ uid }) => uid),
  );
  const after = await insertUses(tx, deployments);
  await announceUses(tx, changedModels(before, after));
}

/** Takes away what is noted of deployments; gives what that was. */
export async function forgetUses(tx: Tx, deploymentUids: readonly string[]): Promise<UsedRow[]> {
  const { rows } = await tx.query(`DELETE FROM model_use WHERE deployment_uid = ANY($1::uuid[]) RETURNING ${USED}`, [
    deploymentUids,
  ]);
  return z.array(usedRow).parse(rows);
}

/** The models of which some deployment has another version than it had. */
function changedModels(before: readonly UsedRow[], after: readonly UsedRow[]): string[] {
  const key = ({ uid, variant, modelId, version }: UsedRow) => `${uid}/${variant}/${modelId}/${version}`;
  const [had, has] = [new Set(before.map(key)), new Set(after.map(key))];
  const changed = [...before.filter((use) => !has.has(key(use))), ...after.filter((use) => !had.has(key(use)))];
  return [...new Set(changed.map(({ modelId }) => modelId))];
}

async function insertUses(tx: Tx, deployments: readonly DeploymentUse[]): Promise<UsedRow[]> {
  const uses = deployments.flatMap(({ uid, group, models }) =>
    Object.entries(models).map(([variant, { registered, sha256 }]) => ({ uid, group, variant, sha256, ...registered })),
  );
  if (uses.length === 0) return [];
  const { rows } = await tx.query(
    `INSERT INTO model_use (deployment_uid, variant, model_id, version, alias)
     SELECT x.uid, x.variant, v.model_id, v.version, x.alias
     FROM jsonb_to_recordset($1::jsonb)
       AS x(uid uuid, "group" text, variant text, sha256 text, name text, version int, alias text)
     JOIN registered_model m ON m."group" = x."group" AND m.name = x.name
     JOIN model_version v ON v.model_id = m.id AND v.version = x.version AND v.sha256 = x.sha256
     FOR SHARE OF m, v
     RETURNING ${USED}`,
    [JSON.stringify(uses)],
  );
  const written = z.array(usedRow).parse(rows);
  const keys = new Set(written.map(({ uid, variant }) => `${uid}/${variant}`));
  const missing = uses.find(({ uid, variant }) => !keys.has(`${uid}/${variant}`));
  if (missing !== undefined) {
    throw new SlipwayError("registry/version_not_found", { model: missing.name, version: missing.version });
  }
  return written;
}
