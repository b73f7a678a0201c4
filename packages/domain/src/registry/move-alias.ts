import {
  type ModelVersionView,
  modelAlias,
  type RegisteredModelView,
  registryUri,
  SlipwayError,
} from "@slipway/contracts";
import { type Tx, transaction } from "@slipway/db";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context, Writer } from "../context.ts";
import { manifestText } from "../resource/manifest-text.ts";
import { withProposedMemory } from "../resource/propose-memory.ts";
import { resourceRow, SELECT_RESOURCES } from "../resource/resource-row.ts";
import { writeResources } from "../resource/write-resources.ts";
import { getModel } from "./list-models.ts";
import { readVersion } from "./list-versions.ts";
import { digestOf, type LockedModel, lockModel } from "./lock-model.ts";
import { recordModelChange } from "./record-model-change.ts";
import type { ModelRef } from "./registry-context.ts";

export type MoveAlias = ModelRef & { alias: string; version: number };

/**
 * Lets an alias stand for a version. Every deployment that follows it gets a new revision of source `registry`, in the same
 * transaction, so that all of them move or none.
 * @throws registry/model_not_found, registry/version_not_found
 */
export async function setAlias(ctx: Context, input: MoveAlias): Promise<ModelVersionView> {
  authorise(ctx.actor, "registry.write");
  const move = { ...input, alias: modelAlias.parse(input.alias) };
  return transaction(ctx.db, async (tx) => {
    await moveAliasOf(tx, ctx, move, await lockModel(tx, move));
    return readVersion(tx, move);
  });
}

/** The same for a model that is locked already. */
export async function moveAliasOf(tx: Tx, writer: Writer, move: MoveAlias, model: LockedModel): Promise<void> {
  const { alias, version } = move;
  const sha256 = await digestOf(tx, model, move.model, version);
  const before = await findAlias(tx, model, alias);
  if (before === version) return;
  await tx.query(
    `INSERT INTO model_alias (model_id, alias, version) VALUES ($1, $2, $3)
     ON CONFLICT (model_id, alias) DO UPDATE SET version = excluded.version, updated_at = now()`,
    [model.id, alias, version],
  );
  await tx.query("UPDATE registered_model SET updated_at = now() WHERE id = $1", [model.id]);
  const diff = [{ field: `aliases.${alias}`, before, after: version }];
  await recordModelChange(tx, writer, { ...move, id: model.id }, { action: "alias", diff });
  await moveFollowers(tx, writer, move, { id: model.id, sha256, sizeBytes: await sizeOf(tx, model, version) });
}

/** Takes an alias away that no deployment follows. @throws registry/alias_not_found, registry/in_use */
export async function deleteAlias(ctx: Context, ref: ModelRef & { alias: string }): Promise<RegisteredModelView> {
  authorise(ctx.actor, "registry.write");
  await transaction(ctx.db, async (tx) => {
    const model = await lockModel(tx, ref);
    const version = await findAlias(tx, model, ref.alias);
    if (version === null) throw new SlipwayError("registry/alias_not_found", { model: ref.model, alias: ref.alias });
    await refuseFollowed(tx, model, ref);
    await tx.query("DELETE FROM model_alias WHERE model_id = $1 AND alias = $2", [model.id, ref.alias]);
    const diff = [{ field: `aliases.${ref.alias}`, before: version, after: null }];
    await recordModelChange(tx, ctx, { ...ref, id: model.id }, { action: "alias", diff });
  });
  return getModel(ctx, ref);
}

const aliasRow = z.object({ version: z.int() });

async function findAlias(tx: Tx, { id }: LockedModel, alias: string): Promise<number | null> {
  const { rows } = await tx.query("SELECT version FROM model_alias WHERE model_id = $1 AND alias = $2", [id, alias]);
  return rows.length === 0 ? null : aliasRow.parse(rows[0]).version;
}

async function refuseFollowed(tx: Tx, { id }: LockedModel, { model, alias }: { model: string; alias: string }) {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT r.name FROM model_use u JOIN resource r ON r.uid = u.deployment_uid
     WHERE u.model_id = $1 AND u.alias = $2 ORDER BY r.name`,
    [id, alias],
  );
  if (rows.length === 0) return;
  const by = rows.map((row) => `deployment ${row.name}`).join(", ");
  throw new SlipwayError("registry/in_use", { what: `Alias ${alias} of ${model}`, by });
}

const sizeRow = z.object({ sizeBytes: z.number() });

async function sizeOf(tx: Tx, { id }: LockedModel, version: number): Promise<number> {
  const { rows } = await tx.query(
    'SELECT size_bytes::float8 AS "sizeBytes" FROM model_version WHERE model_id = $1 AND version = $2',
    [id, version],
  );
  return sizeRow.parse(rows[0]).sizeBytes;
}

/** New revisions of the deployments that follow the alias. One that is on its way out stays as it is. */
async function moveFollowers(
  tx: Tx,
  writer: Writer,
  { model, alias, version }: MoveAlias,
  { id, sha256, sizeBytes }: { id: string; sha256: string; sizeBytes: number },
): Promise<void> {
  const { rows } = await tx.query(
    `${SELECT_RESOURCES}
     WHERE r.uid IN (SELECT deployment_uid FROM model_use WHERE model_id = $1 AND alias = $2) AND r.deleted_at IS NULL
     ORDER BY r."group", r.kind, r.name FOR UPDATE OF r`,
    [id, alias],
  );
  const resolved = { registered: { name: model, version, alias }, uri: registryUri(sha256), sha256 };
  const writes = z
    .array(resourceRow)
    .parse(rows)
    .map((current) => {
      const moved = Object.entries(current.resolution).map(([variant, known]) => {
        const follows = known.registered.name === model && known.registered.alias === alias;
        return [variant, follows ? resolved : known] as const;
      });
      const spec = withProposedMemory(current.spec, sizeBytes);
      const desired = { ...current, spec, resolution: Object.fromEntries(moved) };
      return { current, desired, manifest: manifestText(desired) };
    });
  const message = `Alias ${alias} of ${model} moved to version ${version}`;
  await writeResources(tx, writer, { action: "follow_alias", source: "registry", message }, writes);
}
