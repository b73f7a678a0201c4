import { SlipwayError } from "@slipway/contracts";
import type { Tx } from "@slipway/db";
import * as z from "zod";
import type { ModelRef } from "./registry-context.ts";

const idRow = z.object({ id: z.string(), lastVersion: z.int(), description: z.string() });
export type LockedModel = z.output<typeof idRow>;

/** Holds a model until the transaction ends, so that its versions, aliases and users change one after the other. @throws registry/model_not_found */
export async function lockModel(tx: Tx, { group, model }: ModelRef): Promise<LockedModel> {
  const found = await findModel(tx, { group, model });
  if (found === null) throw new SlipwayError("registry/model_not_found", { model });
  return found;
}

/** The same; makes the model when there is none. */
export async function lockOrMakeModel(tx: Tx, ref: ModelRef, id: string): Promise<LockedModel & { isNew: boolean }> {
  const { rowCount } = await tx.query(
    `INSERT INTO registered_model (id, "group", name) VALUES ($1, $2, $3) ON CONFLICT ("group", name) DO NOTHING`,
    [id, ref.group, ref.model],
  );
  return { ...(await lockModel(tx, ref)), isNew: rowCount === 1 };
}

async function findModel(tx: Tx, { group, model }: ModelRef): Promise<LockedModel | null> {
  const { rows } = await tx.query(
    `SELECT id, last_version AS "lastVersion", description FROM registered_model
     WHERE "group" = $1 AND name = $2 FOR UPDATE`,
    [group, model],
  );
  return rows.length === 0 ? null : idRow.parse(rows[0]);
}

const versionRow = z.object({ sha256: z.string() });

/** The digest of a version of a locked model. @throws registry/version_not_found */
export async function digestOf(tx: Tx, { id }: LockedModel, model: string, version: number): Promise<string> {
  const { rows } = await tx.query("SELECT sha256 FROM model_version WHERE model_id = $1 AND version = $2", [
    id,
    version,
  ]);
  if (rows.length === 0) throw new SlipwayError("registry/version_not_found", { model, version });
  return versionRow.parse(rows[0]).sha256;
}

/** Holds a digest until the transaction ends: its bytes are put into the store and taken out of it one after the other. */
export async function lockDigest(tx: Tx, sha256: string): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7470921))", [sha256]);
}
