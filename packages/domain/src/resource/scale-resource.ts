import {
  Deployment,
  Model,
  type ResourceRef,
  type ResourceView,
  type RevisionSource,
  Server,
} from "@slipway/contracts";
import type { Context } from "../context.ts";
import { changeSpec } from "./change-spec.ts";
import type { Expected } from "./check-write.ts";
import type { ResourceRow } from "./resource-row.ts";

export type ScaleResource = {
  ref: ResourceRef;
  replicas: number;
  expected?: Expected;
  source: RevisionSource;
  message?: string;
};

/**
 * Sets how many replicas a deployment, model or server should have; the model's version stays the same.
 * @throws resource/not_found, resource/conflict, manifest/invalid when the number is out of bounds
 */
export function scaleResource(ctx: Context, { replicas, ...input }: ScaleResource): Promise<ResourceView> {
  return changeSpec(ctx, { ...input, action: "scale" }, (current) => ({ spec: withReplicas(current, replicas) }));
}

function withReplicas({ kind, spec }: ResourceRow, replicas: number): Record<string, unknown> {
  switch (kind) {
    case "Deployment": {
      const { scaling } = Deployment.spec.parse(spec);
      return { ...spec, scaling: { ...scaling, replicas } };
    }
    case "Model":
      return { ...Model.spec.parse(spec), replicas };
    case "Server":
      return { ...Server.spec.parse(spec), replicas };
    default:
      return kind satisfies never;
  }
}
