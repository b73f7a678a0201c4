import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError } from "@slipway/contracts";
import { causeOf, identify, isRunning } from "@slipway/service-kit";
import type { Random } from "../context.ts";
import type { ReceiveOptions } from "./artifact-store.ts";

const INCOMING = "incoming";
/** A name in the waiting room says which process writes it: `<pid>-<start time>-<id>`. */
const INCOMING_NAME = /^(\d+)-(\d+)-/;

/** Bytes that were received whole, in a file of their own. */
export type WaitingFile = { sha256: string; sizeBytes: number; path: string };

export type WaitingRoom = {
  /**
   * Writes bytes to a file and hashes them on the way; whatever ends it early leaves none.
   * @throws request/too_large, registry/upload_cut, registry/storage_failed, and what the source or the signal throws
   */
  receive(source: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<WaitingFile>;
};

/** The folder where uploads lie while they come in and are looked into. What a killed process left there goes at once. */
export async function openWaitingRoom(folder: string, random: Random): Promise<WaitingRoom> {
  const incoming = join(folder, INCOMING);
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await removeLeftovers(incoming);
  return { receive: (source, options) => receive(join(incoming, incomingName(random)), source, options) };
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

async function receive(path: string, source: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<WaitingFile> {
  const file = await onDisk(() => open(path, "wx", 0o600));
  try {
    const { sha256, sizeBytes } = await copyHashed(file, source, options);
    await onDisk(() => file.sync());
    await file.close();
    return { sha256, sizeBytes, path };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
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
    await onDisk(() => file.writeFile(chunk));
  }
  signal.throwIfAborted();
  if (expectedBytes !== undefined && sizeBytes !== expectedBytes) {
    throw new SlipwayError("registry/upload_cut", { receivedBytes: sizeBytes, expectedBytes });
  }
  return { sha256: hash.digest("hex"), sizeBytes };
}

/** Work on this machine's disk; whatever it fails of is told in one word. @throws registry/storage_failed, platform/disk_full */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (["ENOSPC", "EDQUOT"].includes(causeOf(cause))) {
      throw new SlipwayError("platform/disk_full", { freeBytes: 0, reserveBytes: 0 }, { cause });
    }
    throw new SlipwayError("registry/storage_failed", {}, { cause });
  }
}
