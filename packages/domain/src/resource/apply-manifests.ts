import {
  invalidManifest,
  type Manifest,
  type Problem,
  parseManifests,
  type ResourceView,
  type RevisionSource,
  SlipwayError,
} from "@slipway/contracts";
import { type ChangePlace, type Tx, transaction } from "@slipway/db";
import { type Actor, authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { checkWrite } from "./check-write.ts";
import { findResources, type ResourceRow, refKey, toResourceView } from "./resource-row.ts";
import {
  changeOf,
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
  /** Runs every check and says what would change, but writes nothing. */
  dryRun?: boolean;
};

export type Applied = { resource: ResourceView; change: ResourceChange };

type Document = { manifest: Manifest; source: string };

/**
 * Makes resources as their manifests say: all of them, or none when one cannot be. An equal manifest changes nothing.
 * A manifest that carries `uid` and `version` is refused when somebody has changed the resource since.
 * @throws manifest/invalid with every problem of every document, resource/conflict, resource/owned, resource/still_deleting
 */
export async function applyManifests(
  ctx: Context,
  input: ApplyManifests,
): Promise<{ results: Applied[]; place: ChangePlace | null }> {
  authorise(ctx.actor, "resource.write");
  const documents = readDocuments(input.manifest, ctx.actor);
  return transaction(ctx.db, async (tx) => {
    const current = await findCurrent(tx, documents, { lock: true });
    const writes = documents.map((document) => toWrite(ctx.actor, document, current));
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

export type Preflight = {
  problems: Problem[];
  changes: { kind: string; group: string; name: string; change: ResourceChange }[];
};

/** Runs every check of an apply without writing: all problems with their fields, and what would change. */
export async function preflight(ctx: Context, input: { manifest: string }): Promise<Preflight> {
  authorise(ctx.actor, "resource.write");
  let documents: Document[];
  try {
    documents = readDocuments(input.manifest, ctx.actor);
  } catch (error) {
    if (error instanceof SlipwayError) return { problems: problemsOf(error), changes: [] };
    throw error;
  }
  const current = await findCurrent(ctx.db.pool, documents, { lock: false });
  const found: Preflight = { problems: [], changes: [] };
  for (const document of documents) {
    const { kind, metadata } = document.manifest;
    try {
      const change = changeOf(toWrite(ctx.actor, document, current));
      found.changes.push({ kind, group: metadata.group, name: metadata.name, change });
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      found.problems.push(...problemsOf(error));
    }
  }
  return found;
}

function problemsOf(error: SlipwayError): Problem[] {
  return error.problems ?? [{ field: error.field ?? "", message: error.message }];
}

/** Parses a text; what only this place can know of it (names that are twice, names that are not theirs) joins the problems. */
function readDocuments(text: string, actor: Actor): Document[] {
  const documents = parseManifests(text);
  const seen = new Set<string>();
  const problems = documents.flatMap(({ manifest: { kind, metadata } }, index) => {
    const where = documents.length > 1 ? `document ${index + 1}: ` : "";
    const key = refKey({ kind, ...metadata });
    const twice = seen.has(key);
    seen.add(key);
    return twice ? [{ field: `${where}metadata.name`, message: `is ${metadata.name} in an earlier document too` }] : [];
  });
  if (problems.length > 0) throw invalidManifest(problems);
  if (actor.kind === "client") throw new SlipwayError("auth/forbidden", { action: "change this" });
  return documents;
}

async function findCurrent(on: Tx, documents: readonly Document[], options: { lock: boolean }) {
  const refs = documents.map(({ manifest: { kind, metadata } }) => ({
    kind,
    group: metadata.group,
    name: metadata.name,
  }));
  const rows = await findResources(on, refs, options);
  return new Map(rows.map((row) => [refKey(row), row]));
}

function toWrite(actor: Actor, { manifest, source }: Document, rows: ReadonlyMap<string, ResourceRow>): ResourceWrite {
  const { kind, metadata } = manifest;
  const current = rows.get(refKey({ kind, ...metadata })) ?? null;
  checkWrite(actor, { kind, group: metadata.group, name: metadata.name }, current, metadata);
  if (current === null && metadata.name.includes(".")) {
    const message = `is ${metadata.name}; a dot is only for models that a deployment makes`;
    throw invalidManifest([{ field: "metadata.name", message }]);
  }
  return { current, desired: toDesired(manifest), manifest: source };
}

function toDesired({ kind, metadata, spec }: Manifest): Desired {
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
