import * as z from "zod";
import { describeIssues, unstorableTexts } from "./describe-issues.ts";
import { type Problem, SlipwayError } from "./errors.ts";
import { type Metadata, metadata } from "./kind.ts";
import { findKind, KIND_NAMES, KINDS, type KindName } from "./kinds.ts";
import { type Places, placeOf } from "./locate-field.ts";
import { API_VERSION } from "./manifest-value.ts";
import { Problems } from "./problems.ts";
import { yamlDocuments } from "./yaml-documents.ts";

/** The largest text that one apply takes. */
export const MANIFEST_MAX_BYTES = 1_048_576;
/** The most documents that one apply takes. */
export const MANIFEST_MAX_DOCUMENTS = 1_000;

type Specs = { [Name in KindName]: z.output<(typeof KINDS)[Name]["spec"]> };

/** A checked manifest with its defaults applied; `kind` tells which spec it has. */
export type Manifest = { [Name in KindName]: { kind: Name; metadata: Metadata; spec: Specs[Name] } }[KindName];
export type ManifestOf<Name extends KindName> = Extract<Manifest, { kind: Name }>;
export type SpecOf<Name extends KindName> = Specs[Name];

/** A manifest, or everything that is wrong with it. */
export type ParsedManifest = { ok: true; manifest: Manifest } | { ok: false; problems: Problems };

/** Checks one manifest that is already a value, and names every problem at its field. */
export function parseManifest(value: unknown): ParsedManifest {
  const envelope = z
    .object({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.unknown().optional(),
      spec: z.unknown().optional(),
    })
    .strict()
    .safeParse(value);
  const head = z.object({ apiVersion: z.unknown().optional(), kind: z.unknown().optional() }).safeParse(value);
  if (!head.success) {
    const message = "must be an object with apiVersion, kind, metadata and spec";
    return { ok: false, problems: Problems.of([{ field: "", message }]) };
  }
  const problems = envelope.success ? new Problems() : describeIssues(envelope.error, value);
  problems.addAll(unstorableTexts(value));
  const kind = typeof head.data.kind === "string" ? findKind(head.data.kind) : null;
  if (typeof head.data.apiVersion === "string" && head.data.apiVersion !== API_VERSION) {
    const given = shown(head.data.apiVersion);
    problems.add(() => ({ field: "apiVersion", message: `is "${given}"; allowed: ${API_VERSION}` }));
  }
  if (typeof head.data.kind === "string" && kind === null) {
    const given = shown(head.data.kind);
    problems.add(() => ({ field: "kind", message: `is "${given}"; allowed: ${KIND_NAMES.join(", ")}` }));
  }
  if (kind === null) return { ok: false, problems };

  const body = z.object({ metadata: z.unknown().optional(), spec: z.unknown().optional() }).safeParse(value);
  const rawMetadata = body.success ? body.data.metadata : undefined;
  const rawSpec = body.success ? (body.data.spec ?? {}) : {};
  const parsedMetadata = metadata.safeParse(rawMetadata);
  if (!parsedMetadata.success) {
    problems.addAll(describeIssues(parsedMetadata.error, rawMetadata, ["metadata"]));
  }
  const withSpec = parseSpec(kind, rawSpec);
  if (!withSpec.ok) problems.addAll(withSpec.problems);
  if (problems.count > 0 || !parsedMetadata.success || !withSpec.ok) return { ok: false, problems };
  return { ok: true, manifest: withSpec.attach(parsedMetadata.data) };
}

type ParsedSpec = { ok: true; attach: (metadata: Metadata) => Manifest } | { ok: false; problems: Problems };

/** Checks a spec alone, as it is stored, against its kind's schema. */
function parseSpec(kind: KindName, raw: unknown): ParsedSpec {
  switch (kind) {
    case "Deployment": {
      const spec = KINDS.Deployment.spec.safeParse(raw);
      if (!spec.success) return { ok: false, problems: describeIssues(spec.error, raw, ["spec"]) };
      return { ok: true, attach: (meta) => ({ kind, metadata: meta, spec: spec.data }) };
    }
    case "Model": {
      const spec = KINDS.Model.spec.safeParse(raw);
      if (!spec.success) return { ok: false, problems: describeIssues(spec.error, raw, ["spec"]) };
      return { ok: true, attach: (meta) => ({ kind, metadata: meta, spec: spec.data }) };
    }
    case "Server": {
      const spec = KINDS.Server.spec.safeParse(raw);
      if (!spec.success) return { ok: false, problems: describeIssues(spec.error, raw, ["spec"]) };
      return { ok: true, attach: (meta) => ({ kind, metadata: meta, spec: spec.data }) };
    }
    default:
      return kind satisfies never;
  }
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A manifest, the text that it came from, and where its fields stand in the whole text. Plain data. */
export type ManifestDocument = { manifest: Manifest; source: string; places: Places };

/** @throws manifest/too_large before anything is read */
export function requireManifestSize(text: string): void {
  if (text.length > MANIFEST_MAX_BYTES || new TextEncoder().encode(text).length > MANIFEST_MAX_BYTES) {
    throw new SlipwayError("manifest/too_large", { limitBytes: MANIFEST_MAX_BYTES });
  }
}

/** Reads a text of one or more YAML (or JSON) documents; throws one error that carries all problems of all of them. */
export function parseManifests(text: string): ManifestDocument[] {
  requireManifestSize(text);
  const documents = yamlDocuments(text);
  if (documents.length > MANIFEST_MAX_DOCUMENTS) {
    const message = `holds ${documents.length} documents; at most ${MANIFEST_MAX_DOCUMENTS} are allowed`;
    throw invalidManifest([{ field: "", message }]);
  }
  const problems = new Problems();
  const parsed: ManifestDocument[] = [];
  for (const [index, document] of documents.entries()) {
    const where = documents.length > 1 ? `document ${index + 1}: ` : "";
    const named = (problem: Problem): Problem => ({ ...problem, field: `${where}${problem.field}` });
    if (!document.ok) {
      problems.addAll(Problems.of(document.problems), named);
      continue;
    }
    const { source, places } = document;
    const result = parseManifest(document.value);
    if (result.ok) parsed.push({ manifest: result.manifest, source, places });
    else problems.addAll(result.problems, (problem) => named(placed(problem, places)));
  }
  if (problems.count === 0 && parsed.length === 0) problems.add(() => ({ field: "", message: "is empty" }));
  if (problems.count > 0) throw invalidManifest(problems);
  return parsed;
}

/** A problem with the place where its field stands in the text, or its nearest parent that is there. */
export function placed(problem: Problem, places: Places): Problem {
  const position = placeOf(places, problem.field);
  return position === null ? problem : { ...problem, position };
}

/** The 422 that carries the problems of a manifest, the first one in its sentence. */
export function invalidManifest(found: Problems | readonly Problem[]): SlipwayError<"manifest/invalid"> {
  const all = found instanceof Problems ? found : Problems.of(found);
  const problems = all.list();
  const [first] = problems;
  const sentence =
    first === undefined ? "The manifest is not valid." : `${first.field || "The manifest"} ${first.message}`;
  return new SlipwayError(
    "manifest/invalid",
    { count: all.count, first: sentence },
    { problems, ...(first === undefined ? {} : { field: first.field }) },
  );
}
