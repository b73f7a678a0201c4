import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { folderDigestText, type HashedFile } from "@slipway/contracts";
import type { LocatedArtifact } from "./locate-artifact.ts";

/** What an artifact consists of, each file by its hash. */
export type HashedArtifact = { kind: LocatedArtifact["kind"]; modelFile: string; files: readonly HashedFile[] };

/**
 * The identity of a model: equal digests mean equal bytes of everything that is loaded. Of a file that stands alone it is
 * the file's SHA-256. Of a folder, and of a file with weights beside it, it is the SHA-256 of `folderDigestText`. Where more
 * than one file ends in .onnx, which only external data can bring about, a last line says which of them is the model.
 */
export function artifactDigest({ kind, modelFile, files }: HashedArtifact): string {
  const [only] = files;
  if (kind === "file" && files.length === 1 && only !== undefined) return only.sha256;
  const isPlain = files.filter(({ path }) => path.endsWith(".onnx")).length < 2;
  const text = `${folderDigestText(files)}${isPlain ? "" : `${modelFile}\0model\n`}`;
  return createHash("sha256").update(text).digest("hex");
}

/** The digest of an artifact where it lies. @throws what the file system does, and the signal's reason */
export async function hashArtifact(artifact: LocatedArtifact, signal: AbortSignal): Promise<string> {
  const files: HashedFile[] = [];
  for (const { source, path } of artifact.files) files.push({ path, sha256: await hashFile(source, signal) });
  return artifactDigest({ ...artifact, files });
}

/** Read in pieces, so of any size. */
async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, { signal });
  return hash.digest("hex");
}
