import { type ManifestDocument, parseManifests } from "@slipway/contracts";
import type { Context } from "../context.ts";

/** Reads manifests where nothing else waits for it. */
export type ManifestReader = {
  /** @throws what `parseManifests` throws, manifest/too_costly, manifest/too_many; the signal's reason when it aborts first */
  read(text: string, signal: AbortSignal): Promise<ManifestDocument[]>;
};

/** What verbs that read manifests need besides. */
export type ManifestContext = Context & {
  /** Unset where nobody else is served meanwhile: then it is read in place. */
  manifests?: ManifestReader;
};

/** Reads the manifests of a text. */
export async function readManifests(
  { manifests }: ManifestContext,
  text: string,
  signal: AbortSignal,
): Promise<ManifestDocument[]> {
  return manifests === undefined ? parseManifests(text) : manifests.read(text, signal);
}
