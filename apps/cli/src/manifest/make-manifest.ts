import { pathToFileURL } from "node:url";
import { API_VERSION, Deployment, type RegisteredRef, type ResourceView } from "@slipway/contracts";
import { stringify } from "yaml";

export type ManifestParts = {
  name: string;
  group: string;
  /** A file or folder by its absolute path, or a model of the registry. */
  model: { path: string; sha256: string } | { registered: RegisteredRef };
  replicas: number | undefined;
  /** What one replica takes; null = what the existing deployment says, or nothing. */
  memory: string | null;
  /** The deployment of that name as it is; null when there is none. All it says stays but for the model. */
  existing: ResourceView | null;
};

function modelOf(model: ManifestParts["model"]) {
  if ("registered" in model) return { registered: model.registered };
  return { uri: pathToFileURL(model.path).href, format: "onnx", sha256: model.sha256 };
}

/** The manifest that serves a model: a new deployment with every default, or the existing one with its model exchanged. */
export function makeManifest(parts: ManifestParts): string {
  const model = modelOf(parts.model);
  const { existing } = parts;
  const before = existing === null ? null : Deployment.spec.parse(existing.spec);
  const [variant] = before?.variants ?? [];
  const sample = variant?.model.sample;
  const spec = {
    ...before,
    variants: [{ name: variant?.name ?? "main", model: { ...model, ...(sample === undefined ? {} : { sample }) } }],
    ...(parts.replicas === undefined ? {} : { scaling: { replicas: parts.replicas } }),
    ...(parts.memory === null ? {} : { resources: { ...before?.resources, memory: parts.memory } }),
  };
  const metadata =
    existing === null
      ? { name: parts.name, group: parts.group }
      : {
          name: parts.name,
          group: parts.group,
          ...(existing.metadata.title === undefined ? {} : { title: existing.metadata.title }),
          labels: existing.metadata.labels,
          annotations: existing.metadata.annotations,
          uid: existing.metadata.uid,
          version: existing.metadata.version,
        };
  return stringify({ apiVersion: API_VERSION, kind: Deployment.name, metadata, spec });
}
