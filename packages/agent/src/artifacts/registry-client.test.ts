import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { REGISTRY_DOWNLOAD_PATH, registryPath, registryUri } from "@slipway/contracts";
import { fakeClock, until } from "@slipway/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ArtifactCache } from "./artifact-cache.ts";
import { fetchArtifact } from "./fetch-artifact.ts";
import { RegistryClient } from "./registry-client.ts";

const BYTES = randomBytes(1_000_000);
const SHA256 = createHash("sha256").update(BYTES).digest("hex");
const SECRET = "the platform's secret";

let folder: string;
let url: string;
let requests: { method: string; range: string | undefined; authorization: string | undefined }[];
/** How the registry of the test answers. */
let answer: (request: IncomingMessage, response: ServerResponse, start: number) => void;
let stop: () => Promise<void>;
let clock: ReturnType<typeof fakeClock>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-registry-client-"));
  requests = [];
  answer = serve;
  clock = fakeClock();
  const server = createServer((request, response) => {
    const { range, authorization } = request.headers;
    requests.push({ method: request.method ?? "", range, authorization });
    answer(request, response, Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

function serve(request: IncomingMessage, response: ServerResponse, start: number, bytes = BYTES): void {
  if (request.url !== `${REGISTRY_DOWNLOAD_PATH}${SHA256}`) {
    response.writeHead(404, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: "Not there.", code: "registry/bytes_missing" }));
    return;
  }
  response.writeHead(start === 0 ? 200 : 206, { "content-length": bytes.length - start });
  response.end(request.method === "HEAD" ? undefined : bytes.subarray(start));
}

const refuse = (status: number, error: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(error) });
  response.end(error);
};

async function fetchRegistered(sha256 = SHA256, signal = new AbortController().signal) {
  const cache = new ArtifactCache({ folder: join(folder, "cache"), quotaBytes: 10_000_000, now: () => 0 });
  await cache.open();
  const registry = new RegistryClient({ url, secret: SECRET, clock, random: () => 0 });
  const sources = { roots: [], registryDir: join(folder, "registry"), registry };
  return fetchArtifact(cache, sources, { uri: registryUri(sha256), sha256, pinned: () => new Set(), signal });
}

/** Lets work go on that waits for the clock again and again. */
async function passTime<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  const ended = work.finally(() => {
    isOver = true;
  });
  ended.catch(() => undefined);
  await until(
    async () => {
      if (clock.pending() > 0) await clock.advance(10_000);
      return isOver;
    },
    { timeoutMs: 10_000, everyMs: 1, what: "the work is over" },
  );
  return ended;
}

test("a registered model that lies in no folder here is downloaded with the platform's secret and checked", async () => {
  const fetched = await fetchRegistered();
  expect(fetched).toMatchObject({ sha256: SHA256, bytes: BYTES.length });
  expect((await readFile(fetched.modelPath)).equals(BYTES)).toBe(true);
  expect(requests.map(({ method, authorization }) => [method, authorization])).toEqual([
    ["HEAD", `Bearer ${SECRET}`],
    ["GET", `Bearer ${SECRET}`],
  ]);
});

test("a shared folder is the faster way, and nothing is asked over the network then", async () => {
  const path = join(folder, "registry", registryPath(SHA256));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, BYTES);
  expect(await fetchRegistered()).toMatchObject({ sha256: SHA256 });
  expect(requests).toEqual([]);
});

test("a download that breaks off goes on where it broke off", async () => {
  const cuts = [300_000, 700_000];
  answer = (request, response, start) => {
    const cut = request.method === "GET" ? cuts.shift() : undefined;
    if (cut === undefined) return serve(request, response, start);
    response.writeHead(start === 0 ? 200 : 206, { "content-length": BYTES.length - start });
    response.write(BYTES.subarray(start, cut), () => response.destroy());
  };
  const fetched = await passTime(fetchRegistered());
  expect((await readFile(fetched.modelPath)).equals(BYTES)).toBe(true);
  const ranges = requests
    .filter(({ method }) => method === "GET")
    .map(({ range }) => Number(range?.match(/\d+/)?.[0] ?? 0));
  expect(ranges).toHaveLength(3);
  expect(ranges[1]).toBeGreaterThan(0);
  expect(ranges[2]).toBeGreaterThan(ranges[1] ?? 0);
});

test("a registry that is away for a while is waited for", async () => {
  let failures = 6;
  answer = (request, response, start) => {
    failures -= 1;
    if (failures >= 0) return void response.destroy();
    serve(request, response, start);
  };
  expect(await passTime(fetchRegistered())).toMatchObject({ sha256: SHA256 });
});

test("one that stays away, or says why it cannot, is given up with its words, and leaves nothing in the cache", async () => {
  answer = (_, response) => void response.destroy();
  await expect(passTime(fetchRegistered())).rejects.toThrow(
    /The registry did not give the model: it cannot be reached/,
  );
  answer = refuse(503, JSON.stringify({ error: "The bucket is closed.", code: "registry/s3_denied" }));
  await expect(passTime(fetchRegistered())).rejects.toThrow(
    "The registry did not give the model: The bucket is closed.",
  );
  expect(await readdir(join(folder, "cache"))).toEqual([]);
  await stop();
  await expect(passTime(fetchRegistered())).rejects.toEqual(
    expect.objectContaining({ code: "artifact/registry_unavailable" }),
  );
});

test("what no try can mend is told at once: not there, refused, other bytes", async () => {
  const missing = "0".repeat(64);
  await expect(fetchRegistered(missing)).rejects.toThrow(`There is no model at ${registryUri(missing)}.`);
  answer = refuse(401, JSON.stringify({ error: "This credential is not known.", code: "auth/unknown" }));
  await expect(fetchRegistered()).rejects.toThrow("The registry did not give the model: This credential is not known.");
  answer = (request, response, start) => serve(request, response, start, Buffer.alloc(BYTES.length));
  await expect(fetchRegistered()).rejects.toEqual(expect.objectContaining({ code: "artifact/checksum" }));
  expect(await readdir(join(folder, "cache"))).toEqual([]);
});

test("a fetch that is given up ends while it waits for the registry", async () => {
  answer = (_, response) => void response.destroy();
  const abort = new AbortController();
  const fetching = fetchRegistered(SHA256, abort.signal);
  fetching.catch(() => undefined);
  await until(() => clock.pending() > 0, { timeoutMs: 10_000, what: "it waits" });
  abort.abort(new Error("given up"));
  await expect(fetching).rejects.toThrow("given up");
  expect(existsSync(join(folder, "registry"))).toBe(false);
});
