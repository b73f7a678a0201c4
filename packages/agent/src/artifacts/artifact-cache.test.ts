import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { folderDigestText, registryPath, registryUri } from "@slipway/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ArtifactCache } from "./artifact-cache.ts";
import { type FetchArtifact, fetchArtifact } from "./fetch-artifact.ts";

let folder: string;
let root: string;
let now = 0;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-artifacts-")));
  root = join(folder, "root");
  await mkdir(root);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const put = async (path: string, content: string | Buffer) => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};
async function openCache(quotaBytes = 1_000_000): Promise<ArtifactCache> {
  const cache = new ArtifactCache({ folder: join(folder, "cache"), quotaBytes, now: () => (now += 1) });
  await cache.open();
  return cache;
}
const fetchOf = (cache: ArtifactCache, path: string, wanted: Partial<FetchArtifact> = {}) =>
  fetchArtifact(
    cache,
    { roots: [root], registryDir: join(folder, "registry"), registry: null },
    {
      uri: pathToFileURL(join(root, path)).href,
      sha256: "",
      pinned: () => new Set(),
      signal: new AbortController().signal,
      ...wanted,
    },
  );
const failsWith = (code: string) => expect.objectContaining({ code });
/** A model that refers to another file: graph { initializer { external_data { key, value } } }. */
function modelReferringTo(location: string): Buffer {
  const field = (number: number, content: Buffer | string) => {
    const bytes = Buffer.from(content);
    return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
  };
  return field(7, field(5, field(13, Buffer.concat([field(1, "location"), field(2, location)]))));
}

test("the digest of a file is its SHA-256, that of a folder the one that contracts defines", async () => {
  const cache = await openCache();
  await put("a.onnx", "a");
  await put("whole/b/model.onnx", "model");
  await put("whole/a.txt", "text");
  expect((await fetchOf(cache, "a.onnx")).sha256).toBe(sha256("a"));
  const files = [
    { path: "b/model.onnx", sha256: sha256("model") },
    { path: "a.txt", sha256: sha256("text") },
  ];
  const fetched = await fetchOf(cache, "whole", { sha256: sha256(folderDigestText(files)) });
  expect(fetched.modelPath.endsWith("/files/b/model.onnx")).toBe(true);
});

test("a cached artifact serves after a restart without its source, and no other one does", async () => {
  await put("a.onnx", "a");
  const first = await fetchOf(await openCache(), "a.onnx");
  await rm(join(root, "a.onnx"));
  const next = await openCache();
  expect(await fetchOf(next, "a.onnx", { sha256: first.sha256 })).toEqual(first);
  await expect(fetchOf(next, "a.onnx")).rejects.toEqual(failsWith("artifact/missing"));
});

test("a cached artifact that was cut short is fetched again", async () => {
  await put("a.onnx", "a");
  const first = await fetchOf(await openCache(), "a.onnx");
  await appendFile(first.modelPath, "more");
  const next = await openCache();
  expect(existsSync(first.modelPath)).toBe(false);
  expect(await fetchOf(next, "a.onnx", { sha256: first.sha256 })).toEqual(first);
});

test("one content fetched by many at once is there once and right for all", async () => {
  const cache = await openCache();
  await put("a.onnx", "a");
  await put("b.onnx", "a");
  const all = await Promise.all(["a.onnx", "b.onnx", "a.onnx", "b.onnx"].map((path) => fetchOf(cache, path)));
  expect(new Set(all.map((artifact) => artifact.sha256))).toEqual(new Set([sha256("a")]));
  expect(all.every(({ modelPath }) => existsSync(modelPath))).toBe(true);
});

test("a wrong checksum leaves nothing behind", async () => {
  const cache = await openCache();
  await put("a.onnx", "a");
  await expect(fetchOf(cache, "a.onnx", { sha256: sha256("b") })).rejects.toEqual(failsWith("artifact/checksum"));
  expect(await readdir(join(folder, "cache"))).toEqual([]);
});

test("the cache stays under its quota: the longest unused goes first, one in use never", async () => {
  const cache = await openCache(250);
  for (const name of ["a", "b", "c"]) await put(`${name}.onnx`, name.repeat(100));
  const a = await fetchOf(cache, "a.onnx");
  const b = await fetchOf(cache, "b.onnx");
  await fetchOf(cache, "a.onnx", { sha256: a.sha256 });
  const c = await fetchOf(cache, "c.onnx");
  expect([a, b, c].map(({ modelPath }) => existsSync(modelPath))).toEqual([true, false, true]);
  const pinned = new Set([a.sha256, c.sha256]);
  await expect(fetchOf(cache, "b.onnx", { pinned: () => pinned })).rejects.toEqual(failsWith("artifact/no_space"));
  expect([a, c].map(({ modelPath }) => existsSync(modelPath))).toEqual([true, true]);
  await put("huge.onnx", "h".repeat(251));
  await expect(fetchOf(cache, "huge.onnx")).rejects.toEqual(failsWith("artifact/too_large"));
});

test("external data beside a single file comes along, and only what the model refers to", async () => {
  const cache = await openCache();
  await put("m/model.onnx", modelReferringTo("weights/w.bin"));
  await put("m/weights/w.bin", "weights");
  await put("m/unrelated.bin", "unrelated");
  const { modelPath } = await fetchOf(cache, "m/model.onnx");
  expect((await readdir(dirname(modelPath), { recursive: true })).sort()).toEqual([
    "model.onnx",
    "weights",
    join("weights", "w.bin"),
  ]);
});

test("changed external data of an unchanged model file is not served from the cache", async () => {
  const cache = await openCache();
  await put("m/model.onnx", modelReferringTo("w.bin"));
  await put("m/w.bin", "old");
  const before = await fetchOf(cache, "m/model.onnx");
  await put("m/w.bin", "new");
  const after = await fetchOf(cache, "m/model.onnx");
  expect(after.modelPath).not.toBe(before.modelPath);
});

test("a registered model is read from the registry's folder by its digest, and its place there stays unsaid", async () => {
  const digest = sha256("registered");
  const path = join(folder, "registry", registryPath(digest));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "registered");
  const cache = await openCache();
  const fetched = await fetchOf(cache, "", { uri: registryUri(digest), sha256: digest });
  expect(fetched).toMatchObject({ sha256: digest, bytes: "registered".length });
  const absent = { uri: registryUri(sha256("absent")), sha256: sha256("absent") };
  await expect(fetchOf(cache, "", absent)).rejects.toThrow(`There is no model at ${absent.uri}.`);
});

test("no path, link or reference leads out of the roots or out of the artifact's folder", async () => {
  const cache = await openCache();
  await writeFile(join(folder, "outside.onnx"), "outside");
  await put("inside.onnx", "inside");
  await symlink(join(folder, "outside.onnx"), join(root, "link.onnx"));
  await put("linked/model.onnx", "model");
  await symlink(join(root, "inside.onnx"), join(root, "linked", "other.bin"));
  await put("refers/model.onnx", modelReferringTo("../inside.onnx"));
  await put("absolute/model.onnx", modelReferringTo(join(root, "inside.onnx")));
  await put("through/model.onnx", modelReferringTo("w.bin"));
  await symlink(join(folder, "outside.onnx"), join(root, "through", "w.bin"));
  const cases = [
    ["../outside.onnx", "artifact/not_allowed"],
    ["../absent.onnx", "artifact/not_allowed"],
    ["link.onnx", "artifact/not_allowed"],
    ["linked", "artifact/escapes"],
    ["refers/model.onnx", "model/external_data"],
    ["refers", "model/external_data"],
    ["absolute/model.onnx", "model/external_data"],
    ["through/model.onnx", "model/external_data"],
  ] as const;
  for (const [path, code] of cases) await expect(fetchOf(cache, path), path).rejects.toEqual(failsWith(code));
  await expect(fetchOf(cache, "", { uri: "https://host/a.onnx" })).rejects.toEqual(failsWith("artifact/scheme"));
  await expect(fetchOf(cache, "", { uri: "file://host/a.onnx" })).rejects.toEqual(failsWith("artifact/missing"));
});

test("links inside a folder are followed, and a circle of them ends", async () => {
  const cache = await openCache();
  await put("f/real/model.onnx", "model");
  await put("f/data.bin", "data");
  await symlink(join(root, "f", "data.bin"), join(root, "f", "alias.bin"));
  await symlink(join(root, "f"), join(root, "f", "circle"));
  const { sha256: digest } = await fetchOf(cache, "f");
  const files = [
    { path: "real/model.onnx", sha256: sha256("model") },
    { path: "data.bin", sha256: sha256("data") },
    { path: "alias.bin", sha256: sha256("data") },
  ];
  expect(digest).toBe(sha256(folderDigestText(files)));
});
