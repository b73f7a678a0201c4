import type { ModelVersionView, ResourceView } from "@slipway/contracts";
import { trpc } from "../../trpc/client.ts";

/** Deploys a version under its model's name, or under the one that is proposed when that is taken; the rest has defaults. */
export async function deployVersion({ group, model, version }: ModelVersionView): Promise<ResourceView> {
  const { isFree, proposal } = await trpc.resource.checkName.query({ kind: "deployments", group, name: model });
  const manifest = {
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: { group, name: isFree ? model : (proposal ?? model) },
    spec: { variants: [{ model: { registered: { name: model, version } } }] },
  };
  const { results } = await trpc.resource.applyManifests.mutate({
    manifest: JSON.stringify(manifest),
    source: "console",
  });
  const [first] = results;
  if (first === undefined) throw new Error("an applied manifest has one result");
  return first.resource;
}
