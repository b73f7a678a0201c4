import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { registryPath, SlipwayError } from "@slipway/contracts";
import { identify, isRunning } from "@slipway/service-kit";
import type { Random } from "../context.ts";
import type { ArtifactStore, ReceivedArtifact, ReceiveOptions } from "./artifact-store.ts";

const INCOMING = "incoming";
/** A name in the waiting room says which process writes it: `<pid>-<start time>-<id>`. */
const INCOMING_NAME = /^(\d+)-(\d+)-/;

/**
 * The registry's bytes in a folder: `<folder>/sha256/<two digits>/<digest>.onnx`. A file there is complete: it was written
 * and synchronised under another name and renamed. What a process that was killed left half-written goes at the next `open`.
 */
export async function openDirectoryStore(folder: string, random: Random): Promise<ArtifactStore> {
  const incoming = join(folder, INCOMING);
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await removeLeftovers(incoming);
  return {
    receive: (source, options) => receive(folder, join(incoming, incomingName(random)), source, options),
    async has(sha256) {
      return access(join(folder, registryPath(sha256)), constants.R_OK).then(
        () => true,
        () => false,
      );
    },
    async remove(sha256) {
      await stored(() => rm(join(folder, registryPath(sha256)), { force: true }));
    },
  };
}

function incomingName(random: Random): string {
  return `${process.pid}-${identify()?.startTime ?? "0"}-${random.uuid()}`;
}

async function removeLeftovers(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const [, pid, startTime] = INCOMING_NAME.exec(name) ?? [];
    const isWritten = pid !== undefined && startTime !== undefined && isRunning({ pid: Number(pid), startTime });
    if (!isWritten) await rm(join(incoming, name), { force: true });
  }
}

async function receive(
  folder: string,
  path: string,
  source: AsyncIterable<Uint8Array>,
  options: ReceiveOptions,
): Promise<ReceivedArtifact> {
  const file = await stored(() => open(path, "wx", 0o600));
  let isKept = false;
  const discard = () => (isKept ? Promise.resolve() : rm(path, { force: true }));
  try {
    const { sha256, sizeBytes } = await copyHashed(file, source, options);
    await stored(() => file.sync());
    await file.close();
    const keep = async () => {
      if (isKept) return;
      await stored(() => moveInto(join(folder, registryPath(sha256)), path));
      isKept = true;
    };
    return { sha256, sizeBytes, path, keep, discard };
  } catch (error) {
    await file.close().catch(() => undefined);
    await discard();
    throw error;
  }
}

async function copyHashed(file: FileHandle, source: AsyncIterable<Uint8Array>, options: ReceiveOptions) {
  const { limitBytes, expectedBytes, signal } = options;
  if (expectedBytes !== undefined && expectedBytes > limitBytes) {
    throw new SlipwayError("request/too_large", { limitBytes });
  }
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of source) {
    signal.throwIfAborted();
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw new SlipwayError("request/too_large", { limitBytes });
    hash.update(chunk);
    await stored(() => file.writeFile(chunk));
  }
  signal.throwIfAborted();
  if (expectedBytes !== undefined && sizeBytes !== expectedBytes) {
    throw new SlipwayError("registry/upload_cut", { receivedBytes: sizeBytes, expectedBytes });
  }
  return { sha256: hash.digest("hex"), sizeBytes };
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

async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new SlipwayError("registry/storage_failed", {}, { cause });
  }
}
