import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { registryPath, SlipwayError } from "@slipway/contracts";
import type { Random } from "../context.ts";
import type { ArtifactStore, ReadOptions, ReceivedArtifact } from "./artifact-store.ts";
import { countedBytes } from "./counted-bytes.ts";
import { onDisk, openWaitingRoom, type WaitingFile } from "./waiting-room.ts";

/**
 * The registry's bytes in a folder: `<folder>/sha256/<two digits>/<digest>.onnx`. A file there is complete: it was written
 * and synchronised under another name and renamed.
 */
export async function openDirectoryStore(folder: string, random: Random): Promise<ArtifactStore> {
  const room = await openWaitingRoom(folder, random);
  return {
    receive: async (source, options) => received(folder, await room.receive(source, options)),
    sizeOf: (sha256) => sizeOf(join(folder, registryPath(sha256))),
    async read(sha256, options) {
      const path = join(folder, registryPath(sha256));
      const sizeBytes = await sizeOf(path);
      if (sizeBytes === null) throw new SlipwayError("registry/bytes_missing", { sha256 });
      return readFrom(path, sizeBytes, options);
    },
    async remove(sha256) {
      await onDisk(() => rm(join(folder, registryPath(sha256)), { force: true }));
    },
  };
}

function received(folder: string, { sha256, sizeBytes, path }: WaitingFile): ReceivedArtifact {
  let isKept = false;
  return {
    sha256,
    sizeBytes,
    path,
    // A rename takes no time.
    prepare: () => Promise.resolve(),
    async keep() {
      if (isKept) return;
      await onDisk(() => moveInto(join(folder, registryPath(sha256)), path));
      isKept = true;
    },
    discard: () => (isKept ? Promise.resolve() : rm(path, { force: true })),
  };
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

function readFrom(path: string, sizeBytes: number, { start = 0, signal }: ReadOptions): AsyncIterable<Uint8Array> {
  return countedBytes(createReadStream(path, { start, signal }), { expectedBytes: sizeBytes - start, signal });
}

/** Renames, and makes the new name last; bytes that are there already win, for they are equal. */
async function moveInto(target: string, path: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await rename(path, target);
  const parent = await open(dirname(target), "r");
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
}
