import { childNameOf, Model, type ModelSpec } from "@slipway/contracts";
import type { DeploymentResource } from "../snapshot/types.ts";

export type Child = { name: string; spec: ModelSpec };

/**
 * The Models that a deployment stands for, one for each variant. A registered model stands in them by the digest that was
 * resolved when the deployment was written. A stopped deployment asks for no replica of them.
 */
export function compileChildren({
  name,
  spec,
  resolution,
}: Pick<DeploymentResource, "name" | "spec" | "resolution">): Child[] {
  return spec.variants.flatMap(({ name: variant, model }) => {
    const source = resolution[variant] ?? model;
    // The schema asks for one of both, and a deployment is never stored without what its reference stands for.
    if (source.uri === undefined) return [];
    const child = Model.spec.parse({
      storageUri: source.uri,
      format: model.format,
      ...(source.sha256 === undefined ? {} : { sha256: source.sha256 }),
      ...(spec.resources.memory === undefined ? {} : { memory: spec.resources.memory }),
      replicas: spec.running ? spec.scaling.replicas : 0,
      startTimeout: spec.limits.startTimeout,
      ...(model.batching === undefined ? {} : { batching: model.batching }),
    });
    return [{ name: childNameOf(name, variant), spec: child }];
  });
}
