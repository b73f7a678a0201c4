import { type ModelVersionView, type RegisteredModelView, sampleRequest } from "@slipway/contracts";
import { transaction } from "@slipway/db";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { checkSample } from "./check-sample.ts";
import { getModel } from "./list-models.ts";
import { readVersion } from "./list-versions.ts";
import { lockModel } from "./lock-model.ts";
import { recordModelChange } from "./record-model-change.ts";
import type { ModelRef } from "./registry-context.ts";

const words = z.string().max(2_000);

/** Says in words what a model is for. @throws registry/model_not_found */
export async function describeModel(
  ctx: Context,
  { description, ...ref }: ModelRef & { description: string },
): Promise<RegisteredModelView> {
  authorise(ctx.actor, "registry.write");
  const after = words.parse(description);
  await transaction(ctx.db, async (tx) => {
    const model = await lockModel(tx, ref);
    if (model.description === after) return;
    await tx.query("UPDATE registered_model SET description = $2, updated_at = now() WHERE id = $1", [model.id, after]);
    const diff = [{ field: "description", before: model.description, after }];
    await recordModelChange(tx, ctx, { ...ref, id: model.id }, { action: "describe", diff });
  });
  return getModel(ctx, ref);
}

/**
 * Gives a version a request to try it with, instead of its artifact's own or a generated one; null takes it away again.
 * @throws registry/model_not_found, registry/version_not_found, and for a sample that the model does not take what a caller
 * who sent it would get
 */
export async function setSample(
  ctx: Context,
  { sample, ...ref }: ModelRef & { version: number; sample: z.input<typeof sampleRequest> | null },
): Promise<ModelVersionView> {
  authorise(ctx.actor, "registry.write");
  const given = sample === null ? null : sampleRequest.parse(sample);
  return transaction(ctx.db, async (tx) => {
    const model = await lockModel(tx, ref);
    const { signature } = await readVersion(tx, ref);
    if (given !== null && signature !== null) checkSample(given, signature);
    await tx.query("UPDATE model_version SET given_sample = $3 WHERE model_id = $1 AND version = $2", [
      model.id,
      ref.version,
      given === null ? null : JSON.stringify(given),
    ]);
    const diff = [{ field: `versions.${ref.version}.sample`, before: null, after: given === null ? null : "given" }];
    await recordModelChange(tx, ctx, { ...ref, id: model.id }, { action: "sample", diff });
    return readVersion(tx, ref);
  });
}
