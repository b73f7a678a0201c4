import {
  Deployment,
  type ErrorCode,
  type FieldChange,
  invalidManifest,
  type ManifestDocument,
  type Problem,
  Problems,
  placed,
  REGISTRY_SCHEME,
  type Resolution,
  type ResourceView,
  type RevisionSource,
  SlipwayError,
} from "@slipway/contracts";
import { type ChangePlace, type Tx, transaction } from "@slipway/db";
import { type Actor, authorise } from "../actor.ts";
import { differences } from "../canonical.ts";
import { resolveModels } from "../registry/resolve-models.ts";
import { requireRoom } from "../require-room.ts";
import { checkWrite, type Expected } from "./check-write.ts";
import { withImpact } from "./field-impact.ts";
import { type ManifestContext, readManifests } from "./manifest-reader.ts";
import { withProposedMemory } from "./propose-memory.ts";
import { needsMessage, requireMessage } from "./require-message.ts";
import { findResources, type ResourceRow, refKey, toResourceView } from "./resource-row.ts";
import {
  changeOf,
  comparable,
  type Desired,
  previewWrite,
  type ResourceChange,
  type ResourceWrite,
  type Written,
  writeResources,
} from "./write-resources.ts";

export type ApplyManifests = {
  /** One or more YAML or JSON documents. */
  manifest: string;
  source: RevisionSource;
  message?: string;
  /** What the writer last saw of each document's resource, in their order; null or none = whatever it is. */
  expected?: readonly (Expected | null)[];
  /** Runs every check and says what would change, but writes nothing. */
  dryRun?: boolean;
};

export type Applied = { resource: ResourceView; change: ResourceChange };

/** A document with what the writer last saw of its resource. */
type Document = ManifestDocument & { expected: Expected };

const NEVER = new AbortController().signal;

/**
 * Makes resources as their manifests say: all of them, or none when one cannot be. An equal manifest changes nothing, unless
 * the resource's present generation has failed: then it is tried again, as a new generation.
 * A manifest that carries `uid` and `version` is refused when somebody has changed the resource since.
 * A signal that aborts ends the reading of the text; once it is read, what it asks for is done.
 * @throws manifest/invalid with every problem of every document, manifest/too_large, manifest/too_costly,
 * manifest/too_many, resource/conflict, resource/name_taken, resource/owned, resource/still_deleting,
 * deployment/message_required, platform/disk_full
 */
export async function applyManifests(
  ctx: ManifestContext,
  input: ApplyManifests,
  signal: AbortSignal = NEVER,
): Promise<{ results: Applied[]; place: ChangePlace | null }> {
  authorise(ctx.actor, "resource.write");
  const documents = await readDocuments(ctx, input, signal);
  if (input.dryRun !== true) await requireRoom(ctx);
  return transaction(ctx.db, async (tx) => {
    // Models are locked before resources, as a move of an alias does it.
    const resolved = await resolveDocuments(tx, documents, { lock: true });
    if (resolved.problems.length > 0) throw invalidManifest(resolved.problems.map(({ problem }) => problem));
    const current = await findCurrent(tx, documents, { lock: true });
    const writes = documents.map((document, index) => toWrite(ctx.actor, document, current, resolved.at(index)));
    requireMessage(writes, input.source, input.message ?? "");
    if (input.dryRun === true) {
      const now = new Date(ctx.clock.now());
      return { results: writes.map((write) => toApplied(previewWrite(write, ctx, now))), place: null };
    }
    const reason = { action: "apply", source: input.source, message: input.message ?? "" };
    const { written, place } = await writeResources(tx, ctx, reason, writes);
    return { results: written.map(toApplied), place };
  });
}

function toApplied({ row, change }: Written): Applied {
  return { resource: toResourceView(row), change };
}

export type PreflightChange = {
  kind: string;
  group: string;
  name: string;
  change: ResourceChange;
  /** What of it changes and what that does to what runs; nothing for one that would be created. */
  fields: FieldChange[];
  /** An apply from this source must say why. */
  isMessageRequired: boolean;
};

export type Preflight = { problems: Problem[]; changes: PreflightChange[] };

/**
 * Runs every check of an apply without writing: all problems with their fields and their places in the text, and what would
 * change, field by field. A message that is needed is not a problem yet; the change says that it is.
 */
export async function preflight(
  ctx: ManifestContext,
  input: Pick<ApplyManifests, "manifest" | "source" | "expected">,
  signal: AbortSignal = NEVER,
): Promise<Preflight> {
  authorise(ctx.actor, "resource.write");
  let documents: Document[];
  try {
    documents = await readDocuments(ctx, input, signal);
  } catch (error) {
    // Whatever else hinders the reading is no problem of the text.
    const isOfText = error instanceof SlipwayError && (error.problems !== undefined || error.code in OF_TEXT);
    if (isOfText) return { problems: problemsOf(error), changes: [] };
    throw error;
  }
  const resolved = await resolveDocuments(ctx.db.pool, documents, { lock: false });
  const current = await findCurrent(ctx.db.pool, documents, { lock: false });
  const problems = Problems.of(resolved.problems.map(({ problem }) => problem));
  const changes: PreflightChange[] = [];
  for (const [index, document] of documents.entries()) {
    if (resolved.problems.some((one) => one.index === index)) continue;
    try {
      changes.push(previewChange(toWrite(ctx.actor, document, current, resolved.at(index)), input.source));
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      for (const problem of problemsOf(error)) problems.add(() => placed(problem, document.places));
    }
  }
  return { problems: problems.list(), changes };
}

function previewChange(write: ResourceWrite, source: RevisionSource): PreflightChange {
  const { current, desired } = write;
  const { kind, group, name } = desired;
  const found = current === null ? [] : differences(comparable(current), comparable(desired));
  const fields = withImpact(kind, found);
  return { kind, group, name, change: changeOf(write), fields, isMessageRequired: needsMessage(write, source) };
}

/** What is wrong with a text as a whole. */
const OF_TEXT: Partial<Record<ErrorCode, true>> = { "manifest/too_large": true, "manifest/too_costly": true };

function problemsOf(error: SlipwayError): Problem[] {
  return error.problems ?? [{ field: error.field ?? "", message: error.message }];
}

/** Parses a text; what only this place can know of it (names that are twice, names that are not theirs) joins the problems. */
async function readDocuments(
  ctx: ManifestContext,
  { manifest: text, expected }: Pick<ApplyManifests, "manifest" | "expected">,
  signal: AbortSignal,
): Promise<Document[]> {
  const documents = await readManifests(ctx, text, signal);
  if (expected !== undefined && expected.length > documents.length) {
    throw invalidManifest([
      { field: "expected", message: `names ${expected.length} of ${documents.length} documents` },
    ]);
  }
  const seen = new Set<string>();
  const problems = documents.flatMap(({ manifest: { kind, metadata, spec }, places }, index) => {
    const where = documents.length > 1 ? `document ${index + 1}: ` : "";
    const internal = internalUri({ kind, spec });
    if (internal !== null) {
      const message = "names the registry's own storage; use model.registered of a Deployment";
      return [{ ...placed({ field: internal, message }, places), field: `${where}${internal}` }];
    }
    const key = refKey({ kind, ...metadata });
    const twice = seen.has(key);
    seen.add(key);
    if (!twice) return [];
    const message = `is ${metadata.name} in an earlier document too`;
    return [{ ...placed({ field: "metadata.name", message }, places), field: `${where}metadata.name` }];
  });
  if (problems.length > 0) throw invalidManifest(problems);
  if (ctx.actor.kind === "client") throw new SlipwayError("auth/forbidden", { action: "change this" });
  // What the manifest says itself and what came beside it are one; the latter wins.
  return documents.map((document, index) => ({
    ...document,
    expected: { ...seenIn(document), ...expected?.[index] },
  }));
}

/** The field in which a manifest names the registry's own storage, which knows no tenant and no lock; null = none. */
function internalUri({ kind, spec }: Pick<ManifestDocument["manifest"], "kind" | "spec">): string | null {
  const named = (uri: unknown) => typeof uri === "string" && uri.startsWith(`${REGISTRY_SCHEME}:`);
  if (kind === "Model" && "storageUri" in spec && named(spec.storageUri)) return "spec.storageUri";
  if (kind !== "Deployment" || !("variants" in spec)) return null;
  const place = spec.variants.findIndex(({ model }) => named(model.uri));
  return place === -1 ? null : `spec.variants.${place}.model.uri`;
}

function seenIn({ manifest: { metadata } }: ManifestDocument): Expected {
  return { uid: metadata.uid, version: metadata.version };
}

/** What a document's references to registered models stand for, and how large these are; null when there is none. */
type Resolved = { resolution: Resolution; sizeBytes: number | null };

/** What the documents' references to registered models stand for, and those that stand for nothing. */
async function resolveDocuments(on: Tx, documents: readonly Document[], options: { lock: boolean }) {
  const deployments = documents.flatMap(({ manifest: { kind, metadata, spec } }, index) =>
    kind === "Deployment" ? [{ index, group: metadata.group, spec }] : [],
  );
  const { resolutions, sizes, problems } = await resolveModels(on, deployments, options);
  return {
    at: (index: number): Resolved => ({
      resolution: resolutions.get(index) ?? {},
      sizeBytes: sizes.get(index) ?? null,
    }),
    problems: problems.map(({ index, field, message }) => {
      const where = documents.length > 1 ? `document ${index + 1}: ` : "";
      const places = documents[index]?.places;
      const problem = places === undefined ? { field, message } : placed({ field, message }, places);
      return { index, problem: { ...problem, field: `${where}${field}` } };
    }),
  };
}

async function findCurrent(on: Tx, documents: readonly Document[], options: { lock: boolean }) {
  const refs = documents.map(({ manifest: { kind, metadata } }) => ({
    kind,
    group: metadata.group,
    name: metadata.name,
  }));
  const rows = await findResources(on, refs, options);
  const failed = await findFailed(on, rows);
  return new Map(rows.map((row) => [refKey(row), { row, hasFailed: failed.has(row.uid) }]));
}

/** Which of these resources' present generations have failed; of none else is it known that waiting does not help. */
async function findFailed(on: Tx, rows: readonly ResourceRow[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const { rows: failed } = await on.query<{ uid: string }>(
    `SELECT v.uid FROM revision v JOIN jsonb_to_recordset($1::jsonb) AS x(uid uuid, generation int)
       ON v.uid = x.uid AND v.generation = x.generation
     WHERE v.result = 'failed'`,
    [JSON.stringify(rows.map(({ uid, generation }) => ({ uid, generation })))],
  );
  return new Set(failed.map(({ uid }) => uid));
}

type Current = { row: ResourceRow; hasFailed: boolean };

function toWrite(
  actor: Actor,
  { manifest, source, expected }: Document,
  rows: ReadonlyMap<string, Current>,
  { resolution, sizeBytes }: Resolved,
): ResourceWrite {
  const { kind, metadata } = manifest;
  const { row: current, hasFailed } = rows.get(refKey({ kind, ...metadata })) ?? { row: null, hasFailed: false };
  checkWrite(actor, { kind, group: metadata.group, name: metadata.name }, current, expected);
  if (current === null && metadata.name.includes(".")) {
    const message = `is ${metadata.name}; a dot is only for models that a deployment makes`;
    throw invalidManifest([{ field: "metadata.name", message }]);
  }
  const desired = { ...toDesired(manifest), resolution };
  const spec =
    sizeBytes === null || hasItsMemory(current, resolution)
      ? desired.spec
      : withProposedMemory(desired.spec, sizeBytes);
  return { current, desired: { ...desired, spec }, manifest: source, hasFailed };
}

/** Whether these very models were deployed without a word on memory: they keep what counts for them. */
function hasItsMemory(current: ResourceRow | null, resolution: Resolution): boolean {
  if (current === null || Deployment.spec.parse(current.spec).resources.memory !== undefined) return false;
  const before = Object.values(current.resolution).map(({ sha256 }) => sha256);
  return Object.values(resolution).every(({ sha256 }) => before.includes(sha256));
}

function toDesired({ kind, metadata, spec }: ManifestDocument["manifest"]): Omit<Desired, "resolution"> {
  const { group, name, title = null, labels, annotations } = metadata;
  // Through JSON, so that what is compared and stored is what will be read back.
  return {
    ...{ kind, group, name, title, labels, annotations },
    spec: asJson(spec),
    ownerUid: null,
    ownerGeneration: null,
  };
}

/** A value as it comes back from the database. */
function asJson(spec: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(spec));
}
