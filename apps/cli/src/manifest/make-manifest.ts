import { pathToFileURL } from "node:url";
import { API_VERSION, Deployment, type ResourceView } from "@slipway/contracts";
import { stringify } from "yaml";

export type ManifestParts = {
  name: string;
  group: string;
  /** Absolute path of the file or folder. */
  path: string;
  sha256: string;
  replicas: number | undefined;
  /** The deployment of that name as it is; null when there is none. All it says stays but for the model. */
  existing: ResourceView | null;
};

/** The manifest that serves a model: a new deployment with every default, or the existing one with its model exchanged. */
export function makeManifest(parts: ManifestParts): string {
  const model = { uri: pathToFileURL(parts.path).href, format: "onnx", sha256: parts.sha256 };
  const { existing } = parts;
  const before = existing === null ? null : Deployment.spec.parse(existing.spec);
  const [variant] = before?.variants ?? [];
  const sample = variant?.model.sample;
  const spec = {
    ...before,
    variants: [{ name: variant?.name ?? "main", model: { ...model, ...(sample === undefined ? {} : { sample }) } }],
    ...(parts.replicas === undefined ? {} : { scaling: { replicas: parts.replicas } }),
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
