import { createHash } from "node:crypto";
import type { ModelSpec } from "@slipway/contracts";

/**
 * The version of a model: a hash of the fields that matter to a load, and of nothing else, so that a change of scale,
 * limits or access reloads nothing, and no release of Slipway does. Never change what goes in, nor its order; what came
 * later goes in only where it is set.
 */
export function modelVersion(spec: Pick<ModelSpec, "storageUri" | "format" | "sha256" | "batching">): string {
  const batching = saidBatching(spec);
  const canonical = JSON.stringify({
    format: spec.format,
    sha256: spec.sha256 ?? null,
    uri: spec.storageUri,
    ...(batching === null ? {} : { batching }),
  });
  return createHash("sha256").update(canonical).digest("hex").slice(0, 16);
}

/** The owner's word on whether requests are joined; null where the graph decides. */
export function saidBatching({ batching }: Pick<ModelSpec, "batching">): "on" | "off" | null {
  return batching === undefined || batching === "auto" ? null : batching;
}
