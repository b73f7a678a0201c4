import {
  DEFAULTS_VERSION,
  type KindName,
  type Resolution,
  type RevisionSource,
  SlipwayError,
} from "@slipway/contracts";
import { type ChangePlace, RunAgain, type Tx } from "@slipway/db";
import { actorName } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { canonicalJson, differences } from "../canonical.ts";
import { writeChanges } from "../change/write-changes.ts";
import type { Writer } from "../context.ts";
import { writeUses } from "../registry/write-uses.ts";
import { findResources, type ResourceRow, refKey } from "./resource-row.ts";

/** A resource as it should be. */
export type Desired = {
  group: string;
  kind: KindName;
  name: string;
  title: string | null;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: Record<string, unknown>;
  ownerUid: string | null;
  ownerGeneration: number | null;
  /** What references to registered models stand for, by variant; empty where there are none. */
  resolution: Resolution;
};

/** One resource to write; `current` is its locked row, null to create it. */
export type ResourceWrite = {
  current: ResourceRow | null;
  desired: Desired;
  /** The text that this came from, for the history. */
  manifest: string;
  /** What the spec is known to resolve to, if it is one that was loaded before. */
  resolution?: Record<string, unknown>;
  /** The present generation has failed: the same once more is a new one, so that it is tried again. */
  hasFailed?: boolean;
};

export type WriteReason = {
  /** The verb, without its kind: `apply`, `scale`. */
  action: string;
  source: RevisionSource;
  message: string;
};

export type ResourceChange = "created" | "updated" | "retried" | "unchanged";
export type Written = { row: ResourceRow; change: ResourceChange };

/**
 * What a write would do. An equal canonical spec makes no new generation; an equal resource makes no write at all. Both do
 * when the present generation has failed: whoever writes it again asks for another try.
 */
export function changeOf({ current, desired, hasFailed }: ResourceWrite): ResourceChange {
  if (current === null) return "created";
  const isEqual = canonicalJson(comparable(current)) === canonicalJson(comparable(desired));
  if (!isEqual) return "updated";
  return hasFailed === true ? "retried" : "unchanged";
}

/** What a write would make of a resource, without writing; the uid of one that would be created is not its later one. */
export function previewWrite(write: ResourceWrite, writer: Writer, now: Date): Written {
  const change = changeOf(write);
  if (change === "unchanged" && write.current !== null) return { row: write.current, change };
  const row = nextRow(write, writer);
  return { row: { ...row, createdAt: write.current?.createdAt ?? now, updatedAt: now }, change };
}

/**
 * Writes resources that `findResources` has locked (or found missing): rows, revisions, changes and audit together, in a
 * number of statements that does not depend on how many there are. Answers in the order of `writes`, with the place of the
 * last change (null when nothing changed).
 * @throws RunAgain when somebody else created one of them meanwhile
 */
export async function writeResources(
  tx: Tx,
  writer: Writer,
  reason: WriteReason,
  writes: readonly ResourceWrite[],
): Promise<{ written: Written[]; place: ChangePlace | null }> {
  const steps = writes.map((write) => ({ write, change: changeOf(write), row: nextRow(write, writer) }));
  const changing = steps.filter((step) => step.change !== "unchanged");
  if (changing.length === 0) {
    return { written: steps.map(({ write, row, change }) => ({ row: write.current ?? row, change })), place: null };
  }
  await insertRows(
    tx,
    changing.filter((step) => step.change === "created").map((step) => step.row),
  );
  await updateRows(
    tx,
    changing.filter((step) => step.change !== "created").map((step) => step.row),
  );
  await writeUses(
    tx,
    changing
      .filter(({ write }) => isResolvedAnew(write))
      .map(({ row }) => ({ uid: row.uid, group: row.group, models: row.resolution })),
  );
  const renewed = changing.filter(({ write, row }) => write.current?.generation !== row.generation);
  await insertRevisions(tx, writer, reason, renewed);
  const place = await writeChanges(
    tx,
    changing.map(({ row }) => ({ ...row, part: "spec" as const })),
  );
  await writeAudit(
    tx,
    writer,
    changing.map(({ write, row }) => ({
      ...row,
      action: `${row.kind.toLowerCase()}.${reason.action}`,
      message: reason.message,
      diff: differences(write.current === null ? {} : comparable(write.current), comparable(write.desired)),
    })),
  );
  const stored = await findResources(
    tx,
    changing.map(({ row }) => row),
    { lock: false },
  );
  const byKey = new Map(stored.map((row) => [refKey(row), row]));
  const written = steps.map(({ row, change, write }) => ({
    row: change === "unchanged" ? (write.current ?? row) : (byKey.get(refKey(row)) ?? row),
    change,
  }));
  return { written, place };
}

/** What of a resource a writer decides. */
export function comparable({ title, labels, annotations, spec, ownerUid, ownerGeneration, resolution }: Desired) {
  const owner = ownerUid === null ? {} : { owner: ownerUid, ownerGeneration };
  const models = Object.fromEntries(
    Object.entries(resolution).map(([variant, { registered }]) => [variant, registered]),
  );
  const resolved = Object.keys(models).length === 0 ? {} : { resolved: models };
  return { metadata: { ...(title === null ? {} : { title }), labels, annotations }, spec, ...owner, ...resolved };
}

/** Whether the versions that variants stand for are others than those that are noted. */
function isResolvedAnew({ current, desired }: Pick<ResourceWrite, "current" | "desired">): boolean {
  return canonicalJson(current?.resolution ?? {}) !== canonicalJson(desired.resolution);
}

function nextRow({ current, desired, hasFailed }: ResourceWrite, writer: Writer): ResourceRow {
  if (current === null) {
    const times = { createdAt: new Date(0), updatedAt: new Date(0), deletedAt: null };
    const fresh = { uid: writer.random.uuid(), generation: 1, version: 1, status: null };
    return { ...desired, ...fresh, ...times, ownerKind: null, ownerName: null };
  }
  const sameSpec = canonicalJson(current.spec) === canonicalJson(desired.spec) && !isResolvedAnew({ current, desired });
  return {
    ...current,
    ...desired,
    generation: sameSpec && hasFailed !== true ? current.generation : current.generation + 1,
    version: current.version + 1,
  };
}

const ROWS = `jsonb_to_recordset($1::jsonb) AS x(uid uuid, "group" text, kind text, name text, title text, labels jsonb,
  annotations jsonb, spec jsonb, generation int, version int, "ownerUid" uuid, "ownerGeneration" int)`;

async function insertRows(tx: Tx, rows: readonly ResourceRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await tx.query(
    `INSERT INTO resource (uid, "group", kind, name, title, labels, annotations, spec, generation, version, owner_uid, owner_generation)
     SELECT uid, "group", kind, name, title, labels, annotations, spec, generation, version, "ownerUid", "ownerGeneration"
     FROM ${ROWS} ORDER BY "group", kind, name
     ON CONFLICT ("group", kind, name) DO NOTHING`,
    [JSON.stringify(rows)],
  );
  if (rowCount !== rows.length) throw new RunAgain("somebody else created one of these");
}

async function updateRows(tx: Tx, rows: readonly ResourceRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await tx.query(
    `UPDATE resource r SET title = x.title, labels = x.labels, annotations = x.annotations, spec = x.spec,
       generation = x.generation, version = x.version, owner_uid = x."ownerUid", owner_generation = x."ownerGeneration",
       updated_at = now()
     FROM ${ROWS} WHERE r.uid = x.uid AND r.version = x.version - 1`,
    [JSON.stringify(rows)],
  );
  if (rowCount !== rows.length) throw new SlipwayError("internal", {}, { cause: new Error("a row was not locked") });
}

/** A new revision for each new generation; what had not come to an end before it is superseded. */
async function insertRevisions(
  tx: Tx,
  writer: Writer,
  { source, message }: WriteReason,
  steps: readonly { write: ResourceWrite; row: ResourceRow }[],
): Promise<void> {
  if (steps.length === 0) return;
  const revisions = steps.map(({ write, row }) => ({
    ...row,
    manifest: write.manifest,
    resolution: { ...write.resolution, ...row.resolution },
  }));
  await tx.query(
    `INSERT INTO revision (uid, generation, "group", kind, name, manifest, spec, defaults_version, resolution, actor, message, source)
     SELECT uid, generation, "group", kind, name, manifest, spec, $2, resolution, $3, $4, $5
     FROM jsonb_to_recordset($1::jsonb) AS x(uid uuid, generation int, "group" text, kind text, name text, manifest text,
       spec jsonb, resolution jsonb)`,
    [JSON.stringify(revisions), DEFAULTS_VERSION, actorName(writer.actor), message, source],
  );
  await tx.query(
    `UPDATE revision v SET result = 'superseded' FROM jsonb_to_recordset($1::jsonb) AS x(uid uuid, generation int)
     WHERE v.uid = x.uid AND v.generation < x.generation AND v.result = 'pending'`,
    [JSON.stringify(revisions.map(({ uid, generation }) => ({ uid, generation })))],
  );
}
