import { createHash } from "node:crypto";
import { folderDigestText, type HashedFile } from "@slipway/contracts";

/** The digest of a folder as a manifest states it. (That of a single file is simply its SHA-256.) */
export function folderDigest(files: readonly HashedFile[]): string {
  return createHash("sha256").update(folderDigestText(files)).digest("hex");
}
