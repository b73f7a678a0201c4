import * as z from "zod";
import { describeIssues, unstorableTexts } from "./describe-issues.ts";
import { type Position, type Problem, SlipwayError } from "./errors.ts";
import { type Metadata, metadata } from "./kind.ts";
import { findKind, KIND_NAMES, KINDS, type KindName } from "./kinds.ts";
import { API_VERSION } from "./manifest-value.ts";
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
export type ParsedManifest = { ok: true; manifest: Manifest } | { ok: false; problems: Problem[] };

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
  const problems: Problem[] = envelope.success ? [] : describeIssues(envelope.error, value);
  if (!head.success) {
    return {
      ok: false,
      problems: [{ field: "", message: "must be an object with apiVersion, kind, metadata and spec" }],
    };
  }
  problems.push(...unstorableTexts(value));
  const kind = typeof head.data.kind === "string" ? findKind(head.data.kind) : null;
  if (typeof head.data.apiVersion === "string" && head.data.apiVersion !== API_VERSION) {
    problems.push({ field: "apiVersion", message: `is "${head.data.apiVersion}"; allowed: ${API_VERSION}` });
  }
  if (typeof head.data.kind === "string" && kind === null) {
    problems.push({ field: "kind", message: `is "${head.data.kind}"; allowed: ${KIND_NAMES.join(", ")}` });
  }
  if (kind === null) return { ok: false, problems };

  const body = z.object({ metadata: z.unknown().optional(), spec: z.unknown().optional() }).safeParse(value);
  const rawMetadata = body.success ? body.data.metadata : undefined;
  const rawSpec = body.success ? (body.data.spec ?? {}) : {};
  const parsedMetadata = metadata.safeParse(rawMetadata);
  if (!parsedMetadata.success) problems.push(...describeIssues(parsedMetadata.error, rawMetadata, ["metadata"]));
  const withSpec = parseSpec(kind, rawSpec);
  if (!withSpec.ok) problems.push(...withSpec.problems);
  if (problems.length > 0 || !parsedMetadata.success || !withSpec.ok) return { ok: false, problems };
  return { ok: true, manifest: withSpec.attach(parsedMetadata.data) };
}

type ParsedSpec = { ok: true; attach: (metadata: Metadata) => Manifest } | { ok: false; problems: Problem[] };

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

/** A manifest, the text that it came from, and where in the whole text a field of it stands. */
export type ManifestDocument = { manifest: Manifest; source: string; locate: (field: string) => Position | null };

/** Reads a text of one or more YAML (or JSON) documents; throws one error that carries all problems of all of them. */
export function parseManifests(text: string): ManifestDocument[] {
  if (new TextEncoder().encode(text).length > MANIFEST_MAX_BYTES) {
    throw new SlipwayError("manifest/too_large", { limitBytes: MANIFEST_MAX_BYTES });
  }
  const documents = yamlDocuments(text);
  const problems: Problem[] = [];
  if (documents.length > MANIFEST_MAX_DOCUMENTS) {
    const message = `holds ${documents.length} documents; at most ${MANIFEST_MAX_DOCUMENTS} are allowed`;
    throw invalidManifest([{ field: "", message }]);
  }
  const parsed = documents.flatMap((document, index) => {
    const where = documents.length > 1 ? `document ${index + 1}: ` : "";
    const result = document.ok ? parseManifest(document.value) : document;
    if (!result.ok) {
      problems.push(
        ...result.problems.map((p) => ({
          ...(document.ok ? placed(p, document.locate) : p),
          field: `${where}${p.field}`,
        })),
      );
    }
    return document.ok && result.ok && "manifest" in result
      ? [{ manifest: result.manifest, source: document.source, locate: document.locate }]
      : [];
  });
  if (problems.length === 0 && parsed.length === 0) problems.push({ field: "", message: "is empty" });
  if (problems.length > 0) throw invalidManifest(problems);
  return parsed;
}

/** A problem with the place where its field stands in the text, or its nearest parent that is there. */
export function placed(problem: Problem, locate: (field: string) => Position | null): Problem {
  const position = locate(problem.field);
  return position === null ? problem : { ...problem, position };
}

/** The 422 that carries all problems of a manifest, the first one in its sentence. */
export function invalidManifest(problems: Problem[]): SlipwayError<"manifest/invalid"> {
  const first = problems[0];
  const sentence =
    first === undefined ? "The manifest is not valid." : `${first.field || "The manifest"} ${first.message}`;
  return new SlipwayError(
    "manifest/invalid",
    { count: problems.length, first: sentence },
    { problems, ...(first === undefined ? {} : { field: first.field }) },
  );
}
