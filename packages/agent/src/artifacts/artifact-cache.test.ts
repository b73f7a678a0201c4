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

test("an artifact is found only by the digest of all that it loads", async () => {
  const cache = await openCache();
  const graph = modelReferringTo("w.bin");
  for (const name of ["one", "two"]) {
    await put(`${name}/model.onnx`, graph);
    await put(`${name}/w.bin`, name);
  }
  const [one, two] = [await fetchOf(cache, "one/model.onnx"), await fetchOf(cache, "two/model.onnx")];
  expect(two.sha256).not.toBe(one.sha256);
  expect(await cache.find(sha256(graph))).toBeNull();
  const part = { sha256: sha256(graph) };
  await expect(fetchOf(cache, "two/model.onnx", part)).rejects.toEqual(failsWith("artifact/digest_of_part"));
  // A folder of the same files is the same artifact.
  expect(await fetchOf(cache, "two")).toEqual(two);
});

test("a model that lacks a file it names is no artifact, and is one as soon as the file is there", async () => {
  const cache = await openCache();
  await put("m/model.onnx", modelReferringTo("w.bin"));
  await put("folder/deep/model.onnx", modelReferringTo("w.bin"));
  for (const path of ["m/model.onnx", "folder"]) {
    await expect(fetchOf(cache, path)).rejects.toEqual(failsWith("model/external_data_missing"));
  }
  expect(await readdir(join(folder, "cache"))).toEqual([]);
  await put("m/w.bin", "weights");
  await put("folder/deep/w.bin", "weights");
  expect((await fetchOf(cache, "m/model.onnx")).bytes).toBeGreaterThan(0);
  expect((await fetchOf(cache, "folder")).modelPath).toContain("deep");
});

test("weights that go while their model is copied leave no artifact without them", async () => {
  const cache = await openCache();
  const graph = modelReferringTo("w.bin");
  const copyTo = async (target: string) => {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, graph);
    return { sha256: sha256(graph), bytes: graph.length };
  };
  const source = { kind: "file" as const, modelFile: "m.onnx", files: [{ path: "m.onnx", bytes: 99, copyTo }] };
  const options = { expected: "", pinned: () => new Set<string>(), uri: "", signal: new AbortController().signal };
  await expect(cache.add(source, options)).rejects.toEqual(failsWith("model/external_data_missing"));
  expect(await cache.find(sha256(graph))).toBeNull();
});

test("what an earlier version cached stays, under the digest of all its files, and goes where a file is missing", async () => {
  const cache = await openCache();
  const graph = modelReferringTo("w.bin");
  await put("plain.onnx", "plain");
  await put("whole/model.onnx", graph);
  await put("whole/w.bin", "weights");
  const plain = await fetchOf(cache, "plain.onnx");
  const whole = await fetchOf(cache, "whole/model.onnx");
  const file = { path: "model.onnx", sha256: sha256(graph), bytes: graph.length };
  const leave = async (name: string, content: object) => {
    await mkdir(join(folder, "cache", name, "files"), { recursive: true });
    await writeFile(join(folder, "cache", name, "files", "model.onnx"), graph);
    await writeFile(join(folder, "cache", name, "artifact.json"), JSON.stringify(content));
  };
  // As they were written before: a file's digest was that of the .onnx alone.
  const beside = { path: "w.bin", sha256: sha256("weights"), bytes: "weights".length };
  await leave(whole.sha256, { sha256: file.sha256, modelFile: "model.onnx", files: [file, beside] });
  await leave(file.sha256, { sha256: file.sha256, modelFile: "model.onnx", files: [file] });
  const old = { path: "plain.onnx", sha256: plain.sha256, bytes: 5 };
  const plainManifest = join(folder, "cache", plain.sha256, "artifact.json");
  await writeFile(plainManifest, JSON.stringify({ sha256: plain.sha256, modelFile: "plain.onnx", files: [old] }));
  await rm(root, { recursive: true });
  const next = await openCache();
  expect(await next.find(plain.sha256)).toEqual(plain);
  expect(await next.find(whole.sha256)).toEqual(whole);
  expect(await next.find(file.sha256)).toBeNull();
  expect(existsSync(join(folder, "cache", file.sha256))).toBe(false);
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
