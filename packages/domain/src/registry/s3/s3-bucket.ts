import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { registryPath, SlipwayError } from "@slipway/contracts";
import type { RegistryS3 } from "@slipway/service-kit";
import { isNotFound, s3Failure } from "./s3-failure.ts";

const CONNECT_TIMEOUT_MS = 5_000;
/** A connection on which nothing happens for this long is given up. */
const IDLE_TIMEOUT_MS = 30_000;
/** Parts of an upload that are in memory and on their way at once. */
const PARALLEL_PARTS = 4;
const PART_BYTES = 8 * 1024 * 1024;
/** More parts than this no store takes. */
const MAX_PARTS = 10_000;
/** Keys that one question for forgotten uploads gives; there are more only after many crashes, and the next start sees them. */
const LISTED_UPLOADS = 1_000;

/** Few calls on one bucket, their errors in words of Slipway's own. */
export type S3Bucket = ReturnType<typeof openS3Bucket>;

export function openS3Bucket(settings: RegistryS3) {
  const { bucket: Bucket, prefix } = settings;
  const client = createClient(settings);
  const keyOf = (sha256: string) => `${prefix}${registryPath(sha256)}`;

  /** Runs one call; what it fails of is an error of the table, or the reason of its signal. */
  async function call<T>(signal: AbortSignal, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await work(signal);
    } catch (error) {
      signal.throwIfAborted();
      throw s3Failure(error, Bucket);
    }
  }

  /** @throws registry/s3_no_bucket, registry/s3_denied, registry/s3_unreachable, registry/s3_failed */
  async function check(signal: AbortSignal): Promise<void> {
    await call(signal, async (abortSignal) => {
      await client.send(new HeadBucketCommand({ Bucket }), { abortSignal }).catch((error: unknown) => {
        throw isNotFound(error) ? new SlipwayError("registry/s3_no_bucket", { bucket: Bucket }) : error;
      });
    });
  }

  return {
    check,
    /** null = there is no such object. @throws as `check` does */
    async sizeOf(sha256: string, signal: AbortSignal): Promise<number | null> {
      const command = new HeadObjectCommand({ Bucket, Key: keyOf(sha256) });
      const found = await call(signal, async (abortSignal) => {
        return client.send(command, { abortSignal }).catch((error: unknown) => {
          if (isNotFound(error)) return null;
          throw error;
        });
      });
      if (found !== null) return found.ContentLength ?? 0;
      // A missing bucket answers a HEAD like a missing object.
      await check(signal);
      return null;
    },
    /** The object from a byte on. @throws registry/bytes_missing, and as `check` does */
    async read(sha256: string, start: number, signal: AbortSignal): Promise<{ body: Readable; sizeBytes: number }> {
      const range = start === 0 ? {} : { Range: `bytes=${start}-` };
      const command = new GetObjectCommand({ Bucket, Key: keyOf(sha256), ...range });
      const { Body, ContentLength = 0 } = await call(signal, async (abortSignal) => {
        return client.send(command, { abortSignal }).catch((error: unknown) => {
          if (error instanceof Error && error.name === "NoSuchKey") {
            throw new SlipwayError("registry/bytes_missing", { sha256 });
          }
          throw error;
        });
      });
      if (!(Body instanceof Readable)) throw new SlipwayError("registry/s3_failed", { detail: "no body" });
      return { body: Body, sizeBytes: ContentLength };
    },
    /**
     * Uploads a body of a known size, in parts when it is large. Ended early by its body, nothing of it stays: the body is
     * what `done` waits for, while its own way to abort answers before the store has heard of it.
     * @throws what the body throws, and as `check` does
     */
    async upload(sha256: string, body: Readable, sizeBytes: number, signal: AbortSignal): Promise<void> {
      const partSize = Math.max(PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS));
      const params = { Bucket, Key: keyOf(sha256), Body: body, ContentLength: sizeBytes };
      await call(signal, () => new Upload({ client, params, partSize, queueSize: PARALLEL_PARTS }).done());
    },
    /** What is not there is fine. @throws as `check` does */
    async remove(sha256: string, signal: AbortSignal): Promise<void> {
      const command = new DeleteObjectCommand({ Bucket, Key: keyOf(sha256) });
      await call(signal, (abortSignal) => client.send(command, { abortSignal }));
    },
    /** Ends uploads that began before a time and never came to an end. @throws as `check` does */
    async abortUploads(beganBefore: Date, signal: AbortSignal): Promise<void> {
      const list = new ListMultipartUploadsCommand({ Bucket, Prefix: `${prefix}sha256/`, MaxUploads: LISTED_UPLOADS });
      const { Uploads = [] } = await call(signal, (abortSignal) => client.send(list, { abortSignal }));
      for (const { Key, UploadId, Initiated } of Uploads) {
        if (Initiated === undefined || Initiated >= beganBefore) continue;
        const abort = new AbortMultipartUploadCommand({ Bucket, Key, UploadId });
        await call(signal, (abortSignal) => client.send(abort, { abortSignal }));
      }
    },
    close: () => client.destroy(),
  };
}

function createClient({ endpoint, region, isPathStyle, accessKeyId, secretAccessKey }: RegistryS3): S3Client {
  return new S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint }),
    forcePathStyle: isPathStyle,
    credentials: { accessKeyId, secretAccessKey },
    // Digests are checked by whoever loads a model; not every store knows the checksums that the SDK would add.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
  });
}
