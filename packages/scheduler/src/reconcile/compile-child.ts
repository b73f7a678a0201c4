import { childNameOf, Model, type ModelSpec } from "@slipway/contracts";
import type { DeploymentResource } from "../snapshot/types.ts";

export type Child = { name: string; spec: ModelSpec };

/** The Models that a deployment stands for, one for each variant. A stopped deployment asks for no replica of them. */
export function compileChildren({ name, spec }: Pick<DeploymentResource, "name" | "spec">): Child[] {
  return spec.variants.map((variant) => ({
    name: childNameOf(name, variant.name),
    spec: Model.spec.parse({
      storageUri: variant.model.uri,
      format: variant.model.format,
      ...(variant.model.sha256 === undefined ? {} : { sha256: variant.model.sha256 }),
      ...(spec.resources.memory === undefined ? {} : { memory: spec.resources.memory }),
      replicas: spec.running ? spec.scaling.replicas : 0,
      startTimeout: spec.limits.startTimeout,
    }),
  }));
}
