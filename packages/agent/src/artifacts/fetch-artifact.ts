import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { registryDigest, registryPath, SlipwayError } from "@slipway/contracts";
import { type LocatedArtifact, locateArtifact } from "@slipway/onnx-file";
import type { ArtifactCache, CachedArtifact } from "./artifact-cache.ts";

export type FetchArtifact = {
  uri: string;
  /** The digest that it must have; empty = whatever is there. */
  sha256: string;
  /** Digests that must stay in the cache while room is made. */
  pinned: () => ReadonlySet<string>;
  signal: AbortSignal;
};

/** Where artifacts may come from. */
export type ArtifactSources = {
  /** Folders that `file:` artifacts may be read from. */
  roots: readonly string[];
  /** The registry's folder; null = registered models cannot be fetched here. */
  registryDir: string | null;
};

/**
 * Brings an artifact into the cache and says where it lies. One whose digest is known and cached is served from there,
 * without a look at its source.
 * @throws what `locateArtifact` and `ArtifactCache.add` throw
 */
export async function fetchArtifact(
  cache: ArtifactCache,
  sources: ArtifactSources,
  wanted: FetchArtifact,
): Promise<CachedArtifact> {
  if (wanted.sha256 !== "") {
    const cached = await cache.find(wanted.sha256);
    if (cached !== null) return cached;
  }
  const located = await locate(wanted.uri, sources);
  return cache.add(located, { expected: wanted.sha256, pinned: wanted.pinned, uri: wanted.uri, signal: wanted.signal });
}

async function locate(uri: string, { roots, registryDir }: ArtifactSources): Promise<LocatedArtifact> {
  const digest = registryDigest(uri);
  if (digest === null) return locateArtifact(uri, roots);
  if (registryDir === null) throw new SlipwayError("artifact/missing", { uri });
  try {
    return await locateArtifact(pathToFileURL(join(registryDir, registryPath(digest))).href, [registryDir]);
  } catch (cause) {
    // Where the registry lies on this machine is of no use to whoever reads this.
    throw new SlipwayError("artifact/missing", { uri }, { cause });
  }
}
