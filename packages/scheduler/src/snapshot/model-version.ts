import { createHash } from "node:crypto";
import type { ModelSpec } from "@slipway/contracts";

/**
 * The version of a model: a hash of the fields that matter to a load, and of nothing else, so that a change of scale,
 * limits or access reloads nothing, and no release of Slipway does. Never change what goes in, nor its order.
 */
export function modelVersion(spec: Pick<ModelSpec, "storageUri" | "format" | "sha256">): string {
  const canonical = JSON.stringify({ format: spec.format, sha256: spec.sha256 ?? null, uri: spec.storageUri });
  return createHash("sha256").update(canonical).digest("hex").slice(0, 16);
}
