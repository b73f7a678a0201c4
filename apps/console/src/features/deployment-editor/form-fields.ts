import type { ResourceView } from "@slipway/contracts";
import { API_VERSION, manifestValue } from "@slipway/contracts/manifest-value";
import { getIn, isTree, type Path, type Tree } from "./manifest-value.ts";

const VARIANT: Path = ["spec", "variants", 0];

/** Where each field of the form stands in the manifest. */
export const PATHS = {
  name: ["metadata", "name"],
  group: ["metadata", "group"],
  title: ["metadata", "title"],
  labels: ["metadata", "labels"],
  environment: ["spec", "environment"],
  description: ["spec", "description"],
  model: [...VARIANT, "model"],
  modelUri: [...VARIANT, "model", "uri"],
  memory: ["spec", "resources", "memory"],
  replicas: ["spec", "scaling", "replicas"],
  visibility: ["spec", "access", "visibility"],
  timeout: ["spec", "limits", "timeout"],
  bodySize: ["spec", "limits", "bodySize"],
  inFlight: ["spec", "limits", "inFlightPerReplica"],
  startTimeout: ["spec", "limits", "startTimeout"],
} as const satisfies Record<string, Path>;
export type FieldName = keyof typeof PATHS;

/** What the form calls its fields. */
export const LABELS: { readonly [Name in FieldName]: string } = {
  name: "Name",
  group: "Group",
  title: "Title",
  labels: "Labels",
  environment: "Environment",
  description: "Description",
  model: "Model",
  modelUri: "Address of the model",
  memory: "Memory per replica",
  replicas: "Replicas",
  visibility: "Who may call it",
  timeout: "Longest request",
  bodySize: "Largest request body",
  inFlight: "Requests at once per replica",
  startTimeout: "Longest load",
};

/** The id of a field's control, for labels and links. */
export function controlId(name: FieldName): string {
  return `field-${name}`;
}

/** The field of the form where a problem with this path of the manifest belongs; null = the form has none for it. */
export function fieldAt(path: string): FieldName | null {
  const names: FieldName[] = [
    "name",
    "group",
    "title",
    "labels",
    "environment",
    "description",
    "memory",
    "replicas",
    "visibility",
    "timeout",
    "bodySize",
    "inFlight",
    "startTimeout",
    "model",
  ];
  const own = names.find((name) => path === PATHS[name].join(".") || path.startsWith(`${PATHS[name].join(".")}.`));
  if (own === undefined) return path === "spec.variants" || path === "spec.variants.0" ? "modelUri" : null;
  return own === "model" ? "modelUri" : own;
}

/** The manifest of a new deployment before anything is typed. */
export function emptyManifest(group: string): Tree {
  return {
    apiVersion: API_VERSION,
    kind: "Deployment",
    metadata: { name: "", group },
    spec: { variants: [{ name: "main", model: { uri: "" } }] },
  };
}

/** The whole manifest of a deployment as it is now, with every default said. */
export function manifestOf({ kind, metadata, spec }: ResourceView): Tree {
  return manifestValue({ kind, ...metadata, spec });
}

/** A manifest for another deployment like this one: its name and title are to be found anew. */
export function cloneOf(resource: ResourceView): Tree {
  const { metadata, ...rest } = manifestOf(resource);
  const { name: _name, title: _title, ...kept } = isTree(metadata) ? metadata : {};
  const { running: _running, ...spec } = resource.spec;
  return { ...rest, metadata: { name: "", ...kept }, spec };
}

/** A value as a field of the form shows it. */
export function shown(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** What a person typed into a field for a number; what is no number stays as it is, for the API to say so. */
export function typedNumber(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

/** What a person typed into a field for a text; nothing typed is nothing said. */
export function typedText(text: string): unknown {
  return text === "" ? undefined : text;
}

/** Labels as one line: `stage=test, team=growth`. */
export function labelsText(value: unknown): string {
  if (!isTree(value)) return "";
  return Object.entries(value)
    .map(([key, label]) => `${key}=${shown(label)}`)
    .join(", ");
}

/** The labels that such a line means; undefined when it means none. */
export function typedLabels(text: string): unknown {
  const entries = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part): [string, string] => {
      const at = part.indexOf("=");
      return at === -1 ? [part, ""] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The text that a field shows: what the manifest says, else what counts when it says nothing. */
export function fieldText(value: Tree, name: FieldName, fallback: string): string {
  const found = getIn(value, PATHS[name]);
  if (name === "labels") return labelsText(found);
  return found === undefined ? fallback : shown(found);
}
