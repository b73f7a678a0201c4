import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REGISTRY_DOWNLOAD_PATH, SlipwayError } from "@slipway/contracts";
import { type ArtifactStore, openDirectoryStore, systemRandom } from "@slipway/domain";
import { testDatabase, until } from "@slipway/testkit";
import { expect, onTestFinished, test } from "vitest";
import { ADMIN_TOKEN, INTERNAL_SECRET, serveApi } from "../testing/serve-api.ts";

const BYTES = randomBytes(2_000_000);
const SHA256 = createHash("sha256").update(BYTES).digest("hex");
const forever = new AbortController().signal;

async function* whole() {
  yield BYTES;
}

/** The API with a registry that holds `BYTES`, and a caller of its internal path. */
async function serve(change: (store: ArtifactStore) => Partial<ArtifactStore> = () => ({})) {
  const folder = await mkdtemp(join(tmpdir(), "slipway-registry-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = await openDirectoryStore(folder, systemRandom);
  const received = await store.receive(whole(), { limitBytes: BYTES.length, signal: forever });
  await received.keep();
  const { db } = await testDatabase();
  const { base } = await serveApi({ db, artifacts: { ...store, ...change(store) } });
  return (path = SHA256, init: RequestInit = {}) =>
    fetch(`${base}${REGISTRY_DOWNLOAD_PATH}${path}`, {
      headers: { authorization: `Bearer ${INTERNAL_SECRET}` },
      ...init,
    });
}
const from = (range: string) => ({ headers: { authorization: `Bearer ${INTERNAL_SECRET}`, range } });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

test("a process of the platform gets the bytes of a digest, their number, and the rest from any byte on", async () => {
  const ask = await serve();
  const head = await ask(SHA256, { method: "HEAD", ...from("") });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, String(BYTES.length)]);
  expect((await bytesOf(await ask())).equals(BYTES)).toBe(true);
  const rest = await ask(SHA256, from("bytes=1999000-"));
  expect([rest.status, rest.headers.get("content-range")]).toEqual([206, "bytes 1999000-1999999/2000000"]);
  expect((await bytesOf(rest)).equals(BYTES.subarray(1_999_000))).toBe(true);
  expect((await ask(SHA256, from("bytes=2000000-"))).status).toBe(200);
});

test("nobody else gets anything, and what is not there or no digest is told as that", async () => {
  const ask = await serve();
  const answers = [
    await ask(SHA256, { headers: {} }),
    await ask(SHA256, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } }),
    await ask("0".repeat(64)),
    await ask("..%2f..%2fsecrets"),
    await ask(SHA256, { method: "DELETE" }),
  ];
  const codes = await Promise.all(answers.map(async (answer) => [answer.status, Object(await answer.json()).code]));
  expect(codes).toEqual([
    [401, "auth/missing"],
    [401, "auth/unknown"],
    [404, "registry/bytes_missing"],
    [404, "request/not_found"],
    [405, "request/method_not_allowed"],
  ]);
});

test("storage that breaks off breaks off the answer, and one that fails at once is told by its code", async () => {
  const cut = await serve((store) => ({
    async read(sha256, options) {
      const bytes = await store.read(sha256, options);
      return (async function* () {
        for await (const chunk of bytes) {
          yield chunk;
          throw new SlipwayError("registry/read_cut", { receivedBytes: chunk.length, expectedBytes: BYTES.length });
        }
      })();
    },
  }));
  await expect(cut().then((answer) => answer.arrayBuffer())).rejects.toThrow();
  const failing = await serve(() => ({
    sizeOf: () => Promise.reject(new SlipwayError("registry/s3_denied", { bucket: "models" })),
  }));
  const answer = await failing();
  expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: "registry/s3_denied" })]);
});

test("a reader that leaves ends the reading", async () => {
  let isEnded = false;
  const ask = await serve((store) => ({
    async read(sha256, options) {
      const bytes = await store.read(sha256, options);
      return (async function* () {
        try {
          yield* bytes;
          await new Promise((_, reject) => options.signal.addEventListener("abort", reject, { once: true }));
        } finally {
          isEnded = true;
        }
      })();
    },
  }));
  const abort = new AbortController();
  const { headers } = from("");
  const answer = await ask(SHA256, { headers, signal: abort.signal });
  expect(answer.status).toBe(200);
  abort.abort();
  await until(() => isEnded, { timeoutMs: 10_000, what: "the reading ended" });
});
