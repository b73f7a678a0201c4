import {
  groupName,
  type ModelSignature,
  type ModelVersionView,
  modelAlias,
  modelName,
  SlipwayError,
  sampleRequest,
} from "@slipway/contracts";
import { type Tx, transaction } from "@slipway/db";
import { type OnnxFile, readOnnxFile } from "@slipway/onnx-file";
import * as z from "zod";
import { actorName, authorise } from "../actor.ts";
import { requireRoom, whileRoom } from "../require-room.ts";
import type { ReceivedArtifact } from "./artifact-store.ts";
import { collectBytes } from "./collect-bytes.ts";
import { readVersion } from "./list-versions.ts";
import { type LockedModel, lockDigest, lockOrMakeModel } from "./lock-model.ts";
import { moveAliasOf } from "./move-alias.ts";
import { recordModelChange } from "./record-model-change.ts";
import type { RegistryContext } from "./registry-context.ts";

export const uploadVersionInput = z.strictObject({
  group: groupName,
  model: modelName,
  filename: z.string().max(255).default("model.onnx"),
  alias: modelAlias.exactOptional(),
  description: z.string().max(2_000).default(""),
});
export type UploadVersion = z.input<typeof uploadVersionInput>;

/** The bytes of an upload, and what its sender announced. */
export type UploadSource = {
  bytes: AsyncIterable<Uint8Array>;
  expectedBytes?: number | undefined;
  signal: AbortSignal;
};

/**
 * Stores a model file as the next version of a registered model, which is made when there is none. The bytes are checked
 * before anything of them is kept. A model that has these very bytes answers with the version that they are.
 * @throws registry/not_a_model, request/too_large, registry/upload_cut, registry/storage_failed, registry/s3_…, platform/disk_full
 */
export async function uploadVersion(
  ctx: RegistryContext,
  input: UploadVersion,
  { bytes, expectedBytes, signal }: UploadSource,
): Promise<ModelVersionView> {
  authorise(ctx.actor, "registry.write");
  const wanted = uploadVersionInput.parse(input);
  await requireRoom(ctx, expectedBytes);
  const received = await ctx.artifacts.receive(whileRoom(ctx, bytes), {
    limitBytes: ctx.modelMaxBytes,
    expectedBytes,
    signal,
  });
  try {
    const file = await readServable(received.path, signal);
    signal.throwIfAborted();
    const store = async () => {
      await received.prepare(signal);
      signal.throwIfAborted();
      return transaction(ctx.db, (tx) => storeVersion(ctx, tx, wanted, received, file));
    };
    // Once more for bytes whose last version was deleted at this very moment.
    return await store().catch((error) => (isRemoved(error) ? store() : Promise.reject(error)));
  } catch (error) {
    await collectBytes(ctx, received.sha256).catch(() => undefined);
    throw error;
  } finally {
    await received.discard();
  }
}

function isRemoved(error: unknown): boolean {
  return error instanceof SlipwayError && error.code === "registry/bytes_removed";
}

type Servable = { signature: ModelSignature; sample: Record<string, unknown> | null };

async function readServable(path: string, signal: AbortSignal): Promise<Servable> {
  const file = await readOnnxFile(path, signal);
  const [elsewhere] = file.externalData;
  if (file.problem !== null) {
    const detail = `it is damaged, or of another format (${file.problem}).`;
    throw new SlipwayError("registry/not_a_model", { detail });
  }
  if (elsewhere !== undefined) {
    const detail = `its weights lie in another file (${printable(elsewhere)}). Save it as one file.`;
    throw new SlipwayError("registry/not_a_model", { detail });
  }
  if (file.signature === null) {
    throw new SlipwayError("registry/not_a_model", { detail: file.unservable ?? "it has no signature." });
  }
  return { signature: file.signature, sample: readSample(file) };
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 100);
}

/** The sample that an artifact carries; one that is no request counts as none. */
function readSample({ sample }: OnnxFile): Record<string, unknown> | null {
  if (sample === null) return null;
  try {
    const parsed = sampleRequest.safeParse(JSON.parse(sample));
    return parsed.success ? { ...parsed.data } : null;
  } catch {
    return null;
  }
}

async function storeVersion(
  ctx: RegistryContext,
  tx: Tx,
  { group, model, filename, alias, description }: z.output<typeof uploadVersionInput>,
  received: ReceivedArtifact,
  file: Servable,
): Promise<ModelVersionView> {
  await lockDigest(tx, received.sha256);
  const locked = await lockOrMakeModel(tx, { group, model }, ctx.random.uuid());
  const known = await findByDigest(tx, locked, received.sha256);
  const version = known ?? locked.lastVersion + 1;
  if (known === null) {
    // Inside the transaction, under the digest's lock; running it again does no harm.
    await received.keep();
    await insertVersion(tx, locked, version, {
      received,
      file,
      filename,
      description,
      createdBy: actorName(ctx.actor),
    });
    const diff = [
      { field: "version", before: null, after: version },
      { field: "sha256", before: null, after: received.sha256 },
    ];
    await recordModelChange(tx, ctx, { group, model, id: locked.id }, { action: "push", diff, message: description });
  } else if ((await ctx.artifacts.sizeOf(received.sha256)) === null) {
    // The store lost them; now they are there again.
    await received.keep();
  }
  if (alias !== undefined) await moveAliasOf(tx, ctx, { group, model, alias, version }, locked);
  return readVersion(tx, { group, model, version });
}

const versionRow = z.object({ version: z.int() });

async function findByDigest(tx: Tx, { id }: LockedModel, sha256: string): Promise<number | null> {
  const { rows } = await tx.query("SELECT version FROM model_version WHERE model_id = $1 AND sha256 = $2", [
    id,
    sha256,
  ]);
  return rows.length === 0 ? null : versionRow.parse(rows[0]).version;
}

type NewVersion = {
  received: ReceivedArtifact;
  file: Servable;
  filename: string;
  description: string;
  createdBy: string;
};

async function insertVersion(tx: Tx, { id }: LockedModel, version: number, of: NewVersion): Promise<void> {
  const { received, file, filename, description, createdBy } = of;
  await tx.query(
    `INSERT INTO model_version (model_id, version, format, sha256, size_bytes, filename, description, signature,
       artifact_sample, created_by)
     VALUES ($1, $2, 'onnx', $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[id, version, received.sha256, received.sizeBytes, filename, description],
      ...[JSON.stringify(file.signature), file.sample === null ? null : JSON.stringify(file.sample), createdBy],
    ],
  );
  await tx.query("UPDATE registered_model SET last_version = $2, updated_at = now() WHERE id = $1", [id, version]);
}
