import { parseAllDocuments } from "yaml";
import * as z from "zod";
import { DEPLOYMENT_BLOCKS_NOT_BUILT } from "./deployment.ts";
import { type Problem, SlipwayError } from "./errors.ts";
import { API_VERSION, type Metadata, metadata } from "./kind.ts";
import { findKind, KIND_NAMES, KINDS, type KindName } from "./kinds.ts";

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
    .object({ apiVersion: z.string(), kind: z.string(), metadata: z.unknown(), spec: z.unknown().optional() })
    .strict()
    .safeParse(value);
  const head = z.object({ apiVersion: z.unknown(), kind: z.unknown() }).safeParse(value);
  const problems: Problem[] = envelope.success ? [] : describeIssues(envelope.error, value);
  if (!head.success) return { ok: false, problems };
  const kind = typeof head.data.kind === "string" ? findKind(head.data.kind) : null;
  if (typeof head.data.apiVersion === "string" && head.data.apiVersion !== API_VERSION) {
    problems.push({ field: "apiVersion", message: `is ${head.data.apiVersion}; allowed: ${API_VERSION}` });
  }
  if (typeof head.data.kind === "string" && kind === null) {
    problems.push({ field: "kind", message: `is ${head.data.kind}; allowed: ${KIND_NAMES.join(", ")}` });
  }
  if (kind === null) return { ok: false, problems };

  const body = z.object({ metadata: z.unknown(), spec: z.unknown().optional() }).safeParse(value);
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

/** Reads a text of one or more YAML (or JSON) documents; throws one error that carries all problems of all of them. */
export function parseManifests(text: string): { manifest: Manifest; source: string }[] {
  if (new TextEncoder().encode(text).length > MANIFEST_MAX_BYTES) {
    throw new SlipwayError("manifest/too_large", { limitBytes: MANIFEST_MAX_BYTES });
  }
  const documents = parseAllDocuments(text, { uniqueKeys: true });
  const parsed: { manifest: Manifest; source: string }[] = [];
  const problems: Problem[] = [];
  const list = Array.isArray(documents) ? documents : [];
  if (list.length > MANIFEST_MAX_DOCUMENTS) {
    problems.push({
      field: "",
      message: `holds ${list.length} documents; at most ${MANIFEST_MAX_DOCUMENTS} are allowed`,
    });
  }
  for (const [index, document] of list.slice(0, MANIFEST_MAX_DOCUMENTS).entries()) {
    const where = list.length > 1 ? `document ${index + 1}: ` : "";
    if (document.errors.length > 0) {
      for (const error of document.errors)
        problems.push({
          field: `${where}line ${error.linePos?.[0].line ?? 1}`,
          message: error.message.split("\n")[0] ?? "",
        });
      continue;
    }
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (value === null || value === undefined) continue;
    const result = parseManifest(value);
    if (result.ok) {
      const [start, , end] = document.range ?? [0, 0, text.length];
      parsed.push({ manifest: result.manifest, source: text.slice(start, end) });
    } else problems.push(...result.problems.map((p) => ({ field: `${where}${p.field}`, message: p.message })));
  }
  if (problems.length === 0 && parsed.length === 0) problems.push({ field: "", message: "holds no manifest" });
  if (problems.length > 0) throw invalidManifest(problems);
  return parsed;
}

/** The 422 that carries all problems of a manifest, the first one in its sentence. */
export function invalidManifest(problems: Problem[]): SlipwayError<"manifest/invalid"> {
  const first = problems[0];
  const sentence = first === undefined ? "The manifest is not valid." : `${first.field} ${first.message}`.trim();
  return new SlipwayError(
    "manifest/invalid",
    { count: problems.length, first: sentence },
    { problems, ...(first === undefined ? {} : { field: first.field }) },
  );
}

/** Turns a schema's complaints into one sentence a field: what was given and what is allowed. */
export function describeIssues(error: z.ZodError, value: unknown, prefix: readonly string[] = []): Problem[] {
  return error.issues.flatMap((issue) => describeIssue(issue, value, prefix));
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown, prefix: readonly string[]): Problem[] {
  const path = [...prefix, ...issue.path.map(String)];
  const field = path.join(".");
  const given = show(at(value, issue.path));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const full = [...path, key].join(".");
      return { field: full, message: isNotBuiltYet(full) ? "is not built yet" : "is not a known field" };
    });
  }
  if (issue.code === "invalid_type" && at(value, issue.path) === undefined) return [{ field, message: "is required" }];
  if (issue.code === "invalid_value") {
    if (field === "spec.type" && ["ABTest", "ChampionChallenger"].includes(String(at(value, issue.path)))) {
      return [{ field, message: `${given} is not built yet; allowed: Regular` }];
    }
    return [{ field, message: `is ${given}; allowed: ${issue.values.map(String).join(", ")}` }];
  }
  if (issue.code === "invalid_union") {
    const first = issue.errors.flat()[0];
    return [{ field, message: first === undefined ? `is ${given}` : `is ${given}; ${first.message}` }];
  }
  return [{ field, message: `is ${given}; ${lowerFirst(issue.message)}` }];
}

function isNotBuiltYet(field: string): boolean {
  const pattern = field.replace(/\.\d+\./g, ".*.");
  return DEPLOYMENT_BLOCKS_NOT_BUILT.some((block) => pattern === block);
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "string" ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
