import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { registryPath } from "@slipway/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ArtifactStore, ReceivedArtifact } from "../registry/artifact-store.ts";
import { inChunks } from "./registry-fixture.ts";

/** What a store's own test provides so that the contract can be tried on it. */
export type ArtifactStoreHarness = {
  store: ArtifactStore;
  /** Names of all that the store holds for good, without its own prefix. */
  stored(): Promise<string[]>;
  /** Names of what is on its way and not there yet, wherever it lies. */
  underWay(): Promise<string[]>;
  dispose(): Promise<void>;
};

const MORE_THAN_ONE_PART = 17 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const forever = new AbortController().signal;
const digestOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const failsWith = (code: string) => expect.objectContaining({ code });

/** What every store of the registry promises; run inside a `describe` of the adapter. */
export function artifactStoreContract(createHarness: () => Promise<ArtifactStoreHarness>): void {
  let harness: ArtifactStoreHarness;
  let store: ArtifactStore;
  beforeEach(async () => {
    harness = await createHarness();
    store = harness.store;
  });
  afterEach(() => harness.dispose());

  const receive = (bytes: Buffer, options: { limitBytes?: number; expectedBytes?: number } = {}) =>
    store.receive(inChunks(bytes, CHUNK_BYTES), { limitBytes: 2 ** 30, signal: forever, ...options });
  const keep = async (received: ReceivedArtifact) => {
    await received.prepare(forever);
    await received.keep();
    await received.discard();
    return received.sha256;
  };
  const put = async (bytes: Buffer) => keep(await receive(bytes));
  const read = async (sha256: string, start = 0) => {
    const chunks = [];
    for await (const chunk of await store.read(sha256, { start, signal: forever })) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const isEmpty = async () => {
    expect(await harness.stored()).toEqual([]);
    expect(await harness.underWay()).toEqual([]);
  };

  test("what is kept lies under its digest and is read back as it was, from any byte on", async () => {
    const bytes = randomBytes(MORE_THAN_ONE_PART);
    const received = await receive(bytes, { expectedBytes: bytes.length });
    expect(received).toMatchObject({ sha256: digestOf(bytes), sizeBytes: bytes.length });
    expect(digestOf(await readFile(received.path))).toBe(received.sha256);
    const sha256 = await keep(received);
    expect(await harness.stored()).toEqual([registryPath(sha256)]);
    expect(await harness.underWay()).toEqual([]);
    expect(existsSync(received.path)).toBe(false);
    expect(await store.sizeOf(sha256)).toBe(bytes.length);
    expect(digestOf(await read(sha256))).toBe(sha256);
    expect((await read(sha256, 1_000_000)).equals(bytes.subarray(1_000_000))).toBe(true);
  });

  test("nothing is in the registry before it is kept, and equal bytes are there once", async () => {
    const bytes = Buffer.from("equal bytes");
    const [one, other] = [await receive(bytes), await receive(bytes)];
    expect(await harness.stored()).toEqual([]);
    await Promise.all([keep(one), keep(other)]);
    await put(bytes);
    expect(await harness.stored()).toEqual([registryPath(digestOf(bytes))]);
    expect(await read(digestOf(bytes))).toEqual(bytes);
  });

  test("what is discarded, too large, cut off or given up leaves nothing", async () => {
    const bytes = randomBytes(CHUNK_BYTES * 3);
    await (await receive(bytes)).discard();
    await isEmpty();
    await expect(receive(bytes, { limitBytes: bytes.length - 1 })).rejects.toEqual(failsWith("request/too_large"));
    await expect(receive(bytes, { expectedBytes: bytes.length + 1 })).rejects.toEqual(failsWith("registry/upload_cut"));
    const cut = async function* () {
      yield bytes;
      throw new Error("the sender left");
    };
    await expect(store.receive(cut(), { limitBytes: 2 ** 30, signal: forever })).rejects.toThrow("the sender left");
    const abort = new AbortController();
    const givenUp = async function* () {
      yield bytes;
      abort.abort(new Error("given up"));
      yield bytes;
    };
    await expect(store.receive(givenUp(), { limitBytes: 2 ** 30, signal: abort.signal })).rejects.toThrow("given up");
    await isEmpty();
  });

  test("what is removed is gone for every reader, and removing it again is fine", async () => {
    const sha256 = await put(Buffer.from("short-lived"));
    await store.remove(sha256);
    await store.remove(sha256);
    expect(await store.sizeOf(sha256)).toBeNull();
    await expect(read(sha256)).rejects.toEqual(failsWith("registry/bytes_missing"));
    await isEmpty();
  });

  test("bytes that were removed and received again are there again", async () => {
    const bytes = Buffer.from("come and gone");
    await store.remove(await put(bytes));
    expect(await read(await put(bytes))).toEqual(bytes);
  });

  test("a reader that gives up is not served on", async () => {
    const sha256 = await put(randomBytes(MORE_THAN_ONE_PART));
    const abort = new AbortController();
    const bytes = await store.read(sha256, { signal: abort.signal });
    const readAll = async () => {
      for await (const _ of bytes) abort.abort(new Error("enough"));
    };
    await expect(readAll()).rejects.toThrow("enough");
  });
}
