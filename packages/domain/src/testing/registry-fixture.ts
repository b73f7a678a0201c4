import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelVersionView } from "@slipway/contracts";
import { onTestFinished } from "vitest";
import { systemRandom } from "../context.ts";
import type { ArtifactStore } from "../registry/artifact-store.ts";
import { openDirectoryStore } from "../registry/directory-store.ts";
import type { RegistryContext } from "../registry/registry-context.ts";
import { type UploadVersion, uploadVersion } from "../registry/upload-version.ts";
import { domain } from "./domain-fixture.ts";

/** A registry on a database and a folder of its own, or on another store, for one test. */
export async function registry(options: { modelMaxBytes?: number; artifacts?: ArtifactStore } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "slipway-registry-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const base = await domain({ max: 8 });
  const ctx: RegistryContext = {
    ...base.ctx,
    artifacts: options.artifacts ?? (await openDirectoryStore(folder, systemRandom)),
    modelMaxBytes: options.modelMaxBytes ?? 1_000_000,
  };
  return {
    ...base,
    ctx,
    folder,
    /** Uploads bytes as a version of model `iris`. */
    push(bytes: Buffer, input: Partial<UploadVersion> = {}): Promise<ModelVersionView> {
      const source = { bytes: inChunks(bytes), expectedBytes: bytes.length, signal: new AbortController().signal };
      return uploadVersion(ctx, { group: "default", model: "iris", ...input }, source);
    },
    /** The files that the registry's folder holds. */
    async files(): Promise<string[]> {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
  };
}

export async function* inChunks(bytes: Buffer, size = 64): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The manifest of a deployment of a registered model; `reference` as it stands in braces: `name: iris, alias: live`. */
export function deploymentOf(reference: string, options: { name?: string; lines?: string } = {}): string {
  return `apiVersion: slipway.dev/v1
kind: Deployment
metadata: { name: ${options.name ?? "flowers"} }
spec:
  variants: [{ model: { registered: { ${reference} } } }]
${options.lines ?? ""}`;
}
