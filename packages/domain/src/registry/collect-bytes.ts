import { transaction } from "@slipway/db";
import { lockDigest } from "./lock-model.ts";
import type { RegistryContext } from "./registry-context.ts";

/** Removes the bytes of a digest from the store when no version of any model refers to them. */
export async function collectBytes(ctx: RegistryContext, sha256: string): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    await lockDigest(tx, sha256);
    const { rowCount } = await tx.query("SELECT FROM model_version WHERE sha256 = $1 LIMIT 1", [sha256]);
    if (rowCount === 0) await ctx.artifacts.remove(sha256);
  });
}
