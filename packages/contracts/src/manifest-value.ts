// This file stays free of schemas, so that pages may import it.

/** The version of all kinds of our own. */
export const API_VERSION = "slipway.dev/v1";

type Described<Kind extends string> = {
  kind: Kind;
  name: string;
  group: string;
  title?: string | null | undefined;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  spec: Readonly<Record<string, unknown>>;
};

/** A resource as the manifest that would give it: what must be said first, and nothing that is empty. */
export function manifestValue<Kind extends string>(described: Described<Kind>) {
  const { kind, name, group, title, labels, annotations, spec } = described;
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: {
      name,
      group,
      ...(title === null || title === undefined ? {} : { title }),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec,
  };
}
