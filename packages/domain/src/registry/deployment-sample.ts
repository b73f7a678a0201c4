import { Deployment, type ResourceView } from "@slipway/contracts";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { readVersion } from "./list-versions.ts";

/**
 * The request to try a deployment with that its manifest gives, else that of the registered version it stands for, unless
 * that one would only be generated; null when there is neither.
 */
export async function deploymentSample(
  ctx: Context,
  { metadata, spec, resolution }: ResourceView,
): Promise<Record<string, unknown> | null> {
  authorise(ctx.actor, "registry.read");
  const [variant] = Deployment.spec.parse(spec).variants;
  if (variant?.model.sample !== undefined) return { ...variant.model.sample };
  const registered = variant === undefined ? undefined : resolution?.[variant.name]?.registered;
  if (registered === undefined) return null;
  const { name: model, version } = registered;
  const { sample } = await readVersion(ctx.db.pool, { group: metadata.group, model, version });
  return sample === null || sample.origin === "generated" ? null : sample.request;
}
