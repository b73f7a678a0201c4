import type { ResourceView } from "@slipway/contracts";
import { inner, text } from "../deployments/spec-value.ts";
import { getIn, isTree, type Tree } from "./manifest-value.ts";

/** A model that a deployment of this group has, to be deployed once more. */
export type KnownModel = {
  key: string;
  /** What people know it by. */
  title: string;
  uri: string;
  /** As a manifest says it: address, digest and sample. */
  model: Tree;
  memory: unknown;
  signature: ResourceView["status"]["signature"];
};

/** The models behind these deployments, each once, those that were loaded first. */
export function knownModels(resources: readonly ResourceView[]): KnownModel[] {
  const found = new Map<string, KnownModel>();
  const sorted = [...resources].sort(
    (a, b) => Number(b.status.signature !== null) - Number(a.status.signature !== null),
  );
  for (const { metadata, spec, status } of sorted) {
    const model = getIn(spec, ["variants", 0, "model"]);
    const uri = text(inner(model, "uri"));
    const key = `${uri} ${text(inner(model, "sha256"))}`;
    if (!isTree(model) || uri === "" || metadata.deletedAt !== null || found.has(key)) continue;
    const title = metadata.title ?? metadata.name;
    found.set(key, { key, title, uri, model, memory: inner(spec, "resources", "memory"), signature: status.signature });
  }
  return [...found.values()].sort((a, b) => a.title.localeCompare(b.title));
}
