import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { SlipwayError } from "@slipway/contracts";
import type { Clock, RegistryS3 } from "@slipway/service-kit";
import type { Random } from "../../context.ts";
import type { ArtifactStore, ReceivedArtifact } from "../artifact-store.ts";
import { countedBytes } from "../counted-bytes.ts";
import { openWaitingRoom, type WaitingFile } from "../waiting-room.ts";
import { openS3Bucket, type S3Bucket } from "./s3-bucket.ts";

/** What is asked while a lock is held in the database must be answered before the transaction's own limit. */
const UNDER_LOCK_MS = 1_500;
/** An upload that began longer ago than this is nobody's any more: none may take as long. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

export type S3StoreDeps = {
  /** A folder of this process's own, where an upload lies until it is complete and looked into. */
  folder: string;
  random: Random;
  clock: Clock;
};

export type S3Store = ArtifactStore & {
  /**
   * Looks whether the bucket is there and open.
   * @throws registry/s3_no_bucket, registry/s3_denied, registry/s3_unreachable, registry/s3_failed
   */
  check(signal: AbortSignal): Promise<void>;
  /** Ends uploads that a killed process left half-sent a day ago. Not every store can list them. @throws as `check` does */
  endForgottenUploads(signal: AbortSignal): Promise<void>;
  close(): void;
};

/**
 * The registry's bytes in a bucket: `<prefix>sha256/<two digits>/<digest>.onnx`, the same names as in a folder. An object is
 * there as a whole or not at all; equal bytes are one object.
 */
export async function openS3Store(settings: RegistryS3, { folder, random, clock }: S3StoreDeps): Promise<S3Store> {
  const bucket = openS3Bucket(settings);
  const room = await openWaitingRoom(folder, random);
  return {
    receive: async (source, options) => received(bucket, await room.receive(source, options)),
    sizeOf: (sha256) => soon((signal) => bucket.sizeOf(sha256, signal)),
    async read(sha256, { start = 0, signal }) {
      const { body, sizeBytes } = await bucket.read(sha256, start, signal);
      return countedBytes(body, { expectedBytes: sizeBytes, signal });
    },
    remove: (sha256) => soon((signal) => bucket.remove(sha256, signal)),
    check: bucket.check,
    endForgottenUploads: (signal) => bucket.abortUploads(new Date(clock.now() - FORGOTTEN_AFTER_MS), signal),
    close: bucket.close,
  };
}

/**
 * Bytes in the waiting room of this machine. They are uploaded before anybody holds a lock; under the lock it is only looked
 * whether they are still there.
 */
function received(bucket: S3Bucket, { sha256, sizeBytes, path }: WaitingFile): ReceivedArtifact {
  let isKept = false;
  return {
    sha256,
    sizeBytes,
    path,
    async prepare(signal) {
      if ((await bucket.sizeOf(sha256, signal)) !== null) return;
      await bucket.upload(sha256, createReadStream(path, { signal }), sizeBytes, signal);
    },
    async keep() {
      if (isKept) return;
      if ((await soon((signal) => bucket.sizeOf(sha256, signal))) === null) {
        throw new SlipwayError("registry/bytes_removed", {});
      }
      isKept = true;
    },
    discard: () => rm(path, { force: true }),
  };
}

/** Work that ends before the transaction around it does. @throws registry/s3_unreachable when it takes too long */
async function soon<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(UNDER_LOCK_MS);
  try {
    return await work(late);
  } catch (error) {
    throw late.aborted ? new SlipwayError("registry/s3_unreachable", {}) : error;
  }
}
