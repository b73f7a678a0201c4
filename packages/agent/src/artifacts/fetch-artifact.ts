import { locateArtifact } from "@slipway/onnx-file";
import type { ArtifactCache, CachedArtifact } from "./artifact-cache.ts";

export type FetchArtifact = {
  uri: string;
  /** The digest that it must have; empty = whatever is there. */
  sha256: string;
  /** Digests that must stay in the cache while room is made. */
  pinned: () => ReadonlySet<string>;
  signal: AbortSignal;
};

/**
 * Brings an artifact into the cache and says where it lies. One whose digest is known and cached is served from there,
 * without a look at its source.
 * @throws what `locateArtifact` and `ArtifactCache.add` throw
 */
export async function fetchArtifact(
  cache: ArtifactCache,
  roots: readonly string[],
  wanted: FetchArtifact,
): Promise<CachedArtifact> {
  if (wanted.sha256 !== "") {
    const cached = await cache.find(wanted.sha256);
    if (cached !== null) return cached;
  }
  const located = await locateArtifact(wanted.uri, roots);
  return cache.add(located, { expected: wanted.sha256, pinned: wanted.pinned, uri: wanted.uri, signal: wanted.signal });
}
