import { SlipwayError } from "@slipway/contracts";
import * as z from "zod";

/** What is looked at of an error of the SDK. */
const sdkError = z.object({
  name: z.string().catch("unknown"),
  $metadata: z.object({ httpStatusCode: z.int().optional() }).optional().catch(undefined),
});

/**
 * What a failed call of the object store means. The SDK's error is not carried along: a refusal holds the key that was sent,
 * and the text that was signed.
 */
export function s3Failure(error: unknown, bucket: string): unknown {
  if (error instanceof SlipwayError) return error;
  const { name, status } = describe(error);
  if (status === null) return new SlipwayError("registry/s3_unreachable", {});
  if (name === "NoSuchBucket") return new SlipwayError("registry/s3_no_bucket", { bucket });
  if (status === 401 || status === 403) return new SlipwayError("registry/s3_denied", { bucket });
  return new SlipwayError("registry/s3_failed", { detail: `${name.replace(/[^\w.-]/g, "").slice(0, 60)} (${status})` });
}

/** Whether the store answered that the bucket or the object is not there; a HEAD does not say which. */
export function isNotFound(error: unknown): boolean {
  return describe(error).status === 404;
}

function describe(error: unknown): { name: string; status: number | null } {
  const parsed = sdkError.safeParse(error);
  if (!parsed.success) return { name: "unknown", status: null };
  return { name: parsed.data.name, status: parsed.data.$metadata?.httpStatusCode ?? null };
}
