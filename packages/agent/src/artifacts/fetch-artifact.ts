import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { registryDigest, registryPath, SlipwayError } from "@slipway/contracts";
import { type LocatedArtifact, locateArtifact } from "@slipway/onnx-file";
import type { ArtifactCache, ArtifactSource, CachedArtifact } from "./artifact-cache.ts";
import { copyHashed } from "./copy-file.ts";
import type { RegistryClient } from "./registry-client.ts";

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
  /** The registry's folder, where it is on this machine; the fast way to registered models. */
  registryDir: string | null;
  /** The registry over the network; null = registered models that lie in no folder here cannot be fetched. */
  registry: RegistryClient | null;
};

/**
 * Brings an artifact into the cache and says where it lies. One whose digest is known and cached is served from there,
 * without a look at its source.
 * @throws what `locateArtifact`, `RegistryClient` and `ArtifactCache.add` throw
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
  const { uri, pinned, signal } = wanted;
  const digest = registryDigest(uri);
  const source =
    digest === null ? onDisk(await locateArtifact(uri, sources.roots)) : await registered(digest, sources, wanted);
  return cache.add(source, { expected: wanted.sha256 || (digest ?? ""), pinned, uri, signal });
}

function onDisk({ kind, modelFile, files }: LocatedArtifact): ArtifactSource {
  return {
    kind,
    modelFile,
    files: files.map(({ source, path, bytes }) => ({
      path,
      bytes,
      copyTo: (target, options) => copyHashed(source, target, options),
    })),
  };
}

async function registered(
  digest: string,
  { registryDir, registry }: ArtifactSources,
  { uri, signal }: FetchArtifact,
): Promise<ArtifactSource> {
  const located = registryDir === null ? null : await locateRegistered(digest, registryDir);
  if (located !== null) return onDisk(located);
  if (registry === null) throw new SlipwayError("artifact/missing", { uri });
  const path = `${digest}.onnx`;
  const bytes = await registry.sizeOf(digest, signal);
  return {
    kind: "file",
    modelFile: path,
    files: [{ path, bytes, copyTo: (target, options) => registry.download(digest, target, options) }],
  };
}

/** The file of a digest in the registry's folder; null when it is not there, or not to be read. */
async function locateRegistered(digest: string, registryDir: string): Promise<LocatedArtifact | null> {
  try {
    return await locateArtifact(pathToFileURL(join(registryDir, registryPath(digest))).href, [registryDir]);
  } catch {
    // Where the registry lies on this machine, and what is wrong there, is of no use to whoever reads the error.
    return null;
  }
}
