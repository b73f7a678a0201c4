import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { registryPath } from "@slipway/contracts";
import { doublingModel } from "@slipway/onnx-file/testing/models";
import { type RegistryS3, systemClock } from "@slipway/service-kit";
import { fakeClock, startTestS3, type TestS3 } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemRandom } from "../../context.ts";
import { type ArtifactStoreHarness, artifactStoreContract } from "../../testing/artifact-store-contract.ts";
import { inChunks, registry } from "../../testing/registry-fixture.ts";
import type { ArtifactStore } from "../artifact-store.ts";
import { deleteVersion } from "../delete-version.ts";
import { openS3Store, type S3Store } from "./s3-store.ts";

const PREFIX = "slipway/";
const WRONG_SECRET = "a-secret-that-nobody-may-read";
const THREE_PARTS = 17 * 1024 * 1024;
const REFUSED = { status: 403, code: "AccessDenied" };
const forever = new AbortController().signal;
const failsWith = (code: string) => expect.objectContaining({ code });

const settingsOf = (s3: TestS3, overrides: Partial<RegistryS3> = {}): RegistryS3 => ({
  bucket: s3.bucket,
  endpoint: s3.url,
  region: "us-east-1",
  prefix: PREFIX,
  accessKeyId: s3.accessKeyId,
  secretAccessKey: s3.secretAccessKey,
  isPathStyle: true,
  ...overrides,
});

async function s3Harness(): Promise<ArtifactStoreHarness> {
  const s3 = await startTestS3();
  const folder = await mkdtemp(join(tmpdir(), "slipway-store-"));
  const store = await openS3Store(settingsOf(s3), { folder, random: systemRandom, clock: systemClock });
  return {
    store,
    stored: async () => (await s3.objects()).map((name) => name.slice(PREFIX.length)),
    underWay: async () => [...(await readdir(join(folder, "incoming"))), ...(await s3.pendingUploads())],
    async dispose() {
      store.close();
      await s3.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe("a bucket keeps the contract of the registry's stores:", () => artifactStoreContract(s3Harness));

describe("a registry in a bucket", () => {
  let s3: TestS3;
  let folder: string;
  const opened: S3Store[] = [];
  beforeEach(async () => {
    s3 = await startTestS3();
    folder = await mkdtemp(join(tmpdir(), "slipway-store-"));
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) store.close();
    await s3.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(overrides: Partial<RegistryS3> = {}, clock = systemClock): Promise<S3Store> {
    const store = await openS3Store(settingsOf(s3, overrides), { folder, random: systemRandom, clock });
    opened.push(store);
    return store;
  }
  const receive = async (store: S3Store, bytes: Buffer) =>
    store.receive(inChunks(bytes, 256 * 1024), { limitBytes: 2 ** 30, signal: forever });
  const isPart = (method: string, url: URL) => method === "PUT" && url.searchParams.has("partNumber");

  test("an upload that is given up between its parts leaves neither object nor pending parts", async () => {
    const received = await receive(await open(), randomBytes(THREE_PARTS));
    const abort = new AbortController();
    s3.fault = (method, url) => {
      if (isPart(method, url)) abort.abort(new Error("given up"));
      return null;
    };
    await expect(received.prepare(abort.signal)).rejects.toThrow("given up");
    await received.discard();
    expect(await s3.objects()).toEqual([]);
    expect(await s3.pendingUploads()).toEqual([]);
  });

  test("an upload whose parts the store refuses leaves neither object nor pending parts", async () => {
    const received = await receive(await open(), randomBytes(THREE_PARTS));
    let pending = 0;
    s3.fault = (method, url) => {
      if (!isPart(method, url)) return null;
      pending += 1;
      return url.searchParams.get("partNumber") === "2" ? REFUSED : null;
    };
    await expect(received.prepare(forever)).rejects.toEqual(failsWith("registry/s3_denied"));
    expect(pending).toBeGreaterThan(0);
    await received.discard();
    expect(await s3.objects()).toEqual([]);
    expect(await s3.pendingUploads()).toEqual([]);
  });

  test("equal bytes are not sent again", async () => {
    const store = await open();
    const bytes = randomBytes(100);
    const [first, second] = [await receive(store, bytes), await receive(store, bytes)];
    await first.prepare(forever);
    const sent = s3.count("PUT");
    await second.prepare(forever);
    expect(s3.count("PUT")).toBe(sent);
  });

  test("bytes that somebody removed before they were kept are missed, and kept once they were sent again", async () => {
    const store = await open();
    const received = await receive(store, randomBytes(100));
    await received.prepare(forever);
    await store.remove(received.sha256);
    await expect(received.keep()).rejects.toEqual(failsWith("registry/bytes_removed"));
    await received.prepare(forever);
    await received.keep();
    expect(await s3.objects()).toEqual([`${PREFIX}${registryPath(received.sha256)}`]);
  });

  test("what a killed process left half-sent goes when a process starts a day later, and not before", async () => {
    const store = await open();
    const received = await receive(store, randomBytes(THREE_PARTS));
    // The store loses what would have ended the upload.
    s3.fault = (method, url) => {
      const isEnd = url.searchParams.has("uploadId") && (method === "DELETE" || method === "POST");
      return isEnd ? REFUSED : null;
    };
    await expect(received.prepare(forever)).rejects.toEqual(failsWith("registry/s3_denied"));
    s3.fault = () => null;
    expect(await s3.pendingUploads()).toHaveLength(1);
    await store.endForgottenUploads(forever);
    expect(await s3.pendingUploads()).toHaveLength(1);
    const tomorrow = fakeClock(Date.now() + 25 * 3_600_000);
    await (await open({}, tomorrow)).endForgottenUploads(forever);
    expect(await s3.pendingUploads()).toEqual([]);
  });

  test("a connection that is cut in the middle of a read ends it with an error and never as if it were whole", async () => {
    const store = await open();
    const received = await receive(store, randomBytes(1_000_000));
    await received.prepare(forever);
    s3.fault = (method) => (method === "GET" ? { cutAfterBytes: 400_000 } : null);
    const readAll = async () => {
      for await (const _ of await store.read(received.sha256, { signal: forever }));
    };
    await expect(readAll()).rejects.toEqual(
      expect.objectContaining({
        code: "registry/read_cut",
        data: { receivedBytes: 400_000, expectedBytes: 1_000_000 },
      }),
    );
  });

  test("an upload without a row, and the last version with its bytes deleted, leave no object", async () => {
    const { push, ctx, db } = await registry({ artifacts: await open() });
    await push(doublingModel());
    expect(await s3.objects()).toHaveLength(1);
    await deleteVersion(ctx, { group: "default", model: "iris", version: 1 });
    expect(await s3.objects()).toEqual([]);
    await db.pool.query("ALTER TABLE model_version ADD CONSTRAINT none CHECK (version < 1)");
    await expect(push(doublingModel())).rejects.toThrow();
    expect(await s3.objects()).toEqual([]);
  });

  test("an upload whose bytes another one deletes at that moment is stored all the same", async () => {
    const store = await open();
    const racing: ArtifactStore = {
      ...store,
      async receive(source, options) {
        const received = await store.receive(source, options);
        let isFirst = true;
        return {
          ...received,
          async prepare(signal) {
            await received.prepare(signal);
            if (isFirst) await store.remove(received.sha256);
            isFirst = false;
          },
        };
      },
    };
    const { push } = await registry({ artifacts: racing });
    const { sha256 } = await push(doublingModel());
    expect(await s3.objects()).toEqual([`${PREFIX}${registryPath(sha256)}`]);
  });

  const WRONG_KEY = { secretAccessKey: WRONG_SECRET };
  const FAULTS = [
    ["a bucket that is not there", { bucket: "no-such-bucket" }, "registry/s3_no_bucket"],
    ["a wrong secret", WRONG_KEY, "registry/s3_denied"],
    ["an unknown key", { accessKeyId: "unknown", secretAccessKey: WRONG_SECRET }, "registry/s3_denied"],
    ["an endpoint where nobody answers", { endpoint: "http://127.0.0.1:9" }, "registry/s3_unreachable"],
  ] as const;
  test.each(FAULTS)("%s is told by its own code at every call, without the secret", async (_, overrides, code) => {
    const store = await open(overrides);
    // The server of the tests looks at no signature.
    if (overrides === WRONG_KEY) s3.fault = () => ({ status: 403, code: "SignatureDoesNotMatch" });
    const received = await receive(store, Buffer.from("bytes"));
    const calls = [
      () => store.check(forever),
      () => received.prepare(forever),
      () => received.keep(),
      () => store.sizeOf(received.sha256),
      () => store.read(received.sha256, { signal: forever }),
      () => store.remove(received.sha256),
    ];
    for (const call of calls) {
      const error = await call().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toEqual(failsWith(code));
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(WRONG_SECRET);
    }
  });
});
