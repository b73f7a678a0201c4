import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { folderDigestText } from "@slipway/contracts";
import type { FoundModel } from "./find-model.ts";

/** The digest that a manifest states of a model: of the file, or of the folder's sorted list of hashes and paths. */
export async function hashModel(model: FoundModel, signal: AbortSignal): Promise<string> {
  if (!model.isFolder) return hashFile(model.path, signal);
  const entries = await readdir(model.path, { recursive: true, withFileTypes: true });
  const files = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!(await stat(path)).isFile()) continue;
    files.push({ path: relative(model.path, path).split(sep).join("/"), sha256: await hashFile(path, signal) });
  }
  return createHash("sha256").update(folderDigestText(files)).digest("hex");
}

/** The SHA-256 of a file in hexadecimal, read in pieces, so of any size. */
async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest("hex");
}
