import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { systemRandom } from "../context.ts";
import { type ArtifactStoreHarness, artifactStoreContract } from "../testing/artifact-store-contract.ts";
import { openDirectoryStore } from "./directory-store.ts";

async function directoryHarness(): Promise<ArtifactStoreHarness> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-store-"));
  const files = async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  };
  return {
    store: await openDirectoryStore(folder, systemRandom),
    stored: async () => (await files()).filter((name) => !name.startsWith("incoming/")),
    underWay: async () => (await files()).filter((name) => name.startsWith("incoming/")),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

describe("a folder keeps the contract of the registry's stores:", () => artifactStoreContract(directoryHarness));
