import { API_VERSION, type KindName } from "@slipway/contracts";
import { stringify } from "yaml";

type Described = {
  kind: KindName;
  group: string;
  name: string;
  title: string | null;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: Record<string, unknown>;
};

/** A resource as the manifest that would give it; what a writer that sent no text leaves in the history. */
export function manifestValue({ kind, group, name, title, labels, annotations, spec }: Described) {
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: {
      name,
      group,
      ...(title === null ? {} : { title }),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec,
  };
}

/** The same as text. */
export function manifestText(described: Described): string {
  return stringify(manifestValue(described));
}
