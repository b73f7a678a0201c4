import { registryUri, SlipwayError } from "@slipway/contracts";
import { type Tx, transaction } from "@slipway/db";
import { authorise } from "../actor.ts";
import { collectBytes } from "./collect-bytes.ts";
import { digestOf, type LockedModel, lockModel } from "./lock-model.ts";
import { recordModelChange } from "./record-model-change.ts";
import type { ModelRef, RegistryContext } from "./registry-context.ts";

/**
 * Deletes a version that nothing uses: no deployment stands for it, none still serves it while an update is on its way, and
 * no alias points at it. Its bytes go when no other version has them. Its number is not given again.
 * @throws registry/in_use naming what uses it, registry/model_not_found, registry/version_not_found
 */
export async function deleteVersion(
  ctx: RegistryContext,
  ref: ModelRef & { version: number; message?: string },
): Promise<void> {
  authorise(ctx.actor, "registry.write");
  const sha256 = await transaction(ctx.db, async (tx) => {
    const model = await lockModel(tx, ref);
    const digest = await digestOf(tx, model, ref.model, ref.version);
    await refuseAliased(tx, model, ref);
    await refuseUsed(tx, model, ref, { version: ref.version, sha256: digest });
    await tx.query("DELETE FROM model_version WHERE model_id = $1 AND version = $2", [model.id, ref.version]);
    await tx.query("UPDATE registered_model SET updated_at = now() WHERE id = $1", [model.id]);
    const diff = [{ field: "version", before: ref.version, after: null }];
    const message = ref.message ?? "";
    await recordModelChange(tx, ctx, { ...ref, id: model.id }, { action: "delete_version", diff, message });
    return digest;
  });
  await collectBytes(ctx, sha256);
}

/** Deletes a model with all its versions and aliases, none of which is used. @throws registry/in_use, registry/model_not_found */
export async function deleteModel(ctx: RegistryContext, ref: ModelRef & { message?: string }): Promise<void> {
  authorise(ctx.actor, "registry.write");
  const digests = await transaction(ctx.db, async (tx) => {
    const model = await lockModel(tx, ref);
    const { rows } = await tx.query<{ version: number; sha256: string }>(
      "SELECT version, sha256 FROM model_version WHERE model_id = $1 ORDER BY version",
      [model.id],
    );
    for (const version of rows) await refuseUsed(tx, model, ref, version);
    await tx.query("DELETE FROM registered_model WHERE id = $1", [model.id]);
    const diff = [{ field: "versions", before: rows.map(({ version }) => version), after: null }];
    await recordModelChange(tx, ctx, { ...ref, id: model.id }, { action: "delete", diff, message: ref.message ?? "" });
    return rows.map(({ sha256 }) => sha256);
  });
  for (const sha256 of digests) await collectBytes(ctx, sha256);
}

async function refuseAliased(tx: Tx, { id }: LockedModel, { model, version }: { model: string; version: number }) {
  const { rows } = await tx.query<{ alias: string }>(
    "SELECT alias FROM model_alias WHERE model_id = $1 AND version = $2 ORDER BY alias",
    [id, version],
  );
  if (rows.length === 0) return;
  const by = rows.map(({ alias }) => `alias ${alias}`).join(", ");
  throw new SlipwayError("registry/in_use", { what: `Version ${version} of ${model}`, by });
}

async function refuseUsed(
  tx: Tx,
  { id }: LockedModel,
  { group, model }: ModelRef,
  { version, sha256 }: { version: number; sha256: string },
): Promise<void> {
  const { rows } = await tx.query<{ name: string }>(USERS, [id, version, group, registryUri(sha256), sha256]);
  if (rows.length === 0) return;
  const by = rows.map(({ name }) => `deployment ${name}`).join(", ");
  throw new SlipwayError("registry/in_use", { what: `Version ${version} of ${model}`, by });
}

/**
 * Deployments that stand for a version, and those whose replicas still hold it, or would hold it again, because an update
 * away from it has not come to an end. Equal bytes that a deployment has from another model count for that model alone.
 */
const USERS = `
  SELECT r.name FROM model_use u JOIN resource r ON r.uid = u.deployment_uid WHERE u.model_id = $1 AND u.version = $2
  UNION
  SELECT o.name
  FROM (SELECT model_uid AS uid FROM placement WHERE load->>'uri' = $4
        UNION SELECT uid FROM rollout WHERE stable_load->>'uri' = $4) held
  JOIN resource c ON c.uid = held.uid JOIN resource o ON o.uid = c.owner_uid
  WHERE o."group" = $3 AND NOT EXISTS (
    SELECT FROM model_use u JOIN model_version v ON v.model_id = u.model_id AND v.version = u.version
    WHERE u.deployment_uid = o.uid AND v.sha256 = $5 AND u.model_id <> $1)
  ORDER BY 1`;
