import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { hashArtifact, locateArtifact } from "@slipway/onnx-file";
import { onnxModel } from "@slipway/onnx-file/testing/onnx-builder";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArtifactCache } from "./artifact-cache.ts";
import { fetchArtifact } from "./fetch-artifact.ts";

let root: string;
let cache: ArtifactCache;
const { signal } = new AbortController();
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "slipway-identity-")));
  cache = new ArtifactCache({ folder: join(root, "cache"), quotaBytes: 2 ** 30, now: Date.now });
  await cache.open();
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A model file that names some files as its weights; `graph` tells one graph from another. */
function modelNaming(locations: readonly string[], graph: string): Buffer {
  return onnxModel({
    nodes: [{ op: "Identity", inputs: ["x"], outputs: [graph] }],
    inputs: [{ name: "x", datatype: "FP32", shape: [1] }],
    outputs: [{ name: graph, datatype: "FP32", shape: [1] }],
    initializers: locations.map((location, at) => ({ name: `w${at}`, datatype: "FP32", dims: [1], location })),
  });
}

// Few names and few contents, so that equal sets, and sets that differ in one file, come often.
const paths = ["a.bin", "b.bin", "deep/a.bin", "other.onnx", "model.onnx"];
const content = fc.constantFrom("", "1", "2");
const given = fc.record({
  modelFile: fc.constantFrom("model.onnx", "net.onnx"),
  named: fc.uniqueArray(fc.constantFrom(...paths), { maxLength: 3 }),
  graph: fc.constantFrom("y", "z"),
  files: fc.record(Object.fromEntries(paths.map((path) => [path, content]))),
  asFolder: fc.boolean(),
});
type Given = typeof given extends fc.Arbitrary<infer Value> ? Value : never;

let made = 0;
async function lay({ modelFile, named, graph, files, asFolder }: Given): Promise<string> {
  made += 1;
  const folder = join(root, "models", String(made));
  const beside = Object.entries(files).filter(([path]) => !asFolder || !path.endsWith(".onnx"));
  for (const [path, text] of beside) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  // In a folder of its own a model names no other one, for a folder holds exactly one.
  const locations = asFolder ? named.filter((path) => !path.endsWith(".onnx")) : named;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, modelFile), modelNaming(locations, graph));
  return asFolder ? folder : join(folder, modelFile);
}

/** All that lies beside a model in the cache, by path. */
async function filesBeside(modelPath: string): Promise<Map<string, string>> {
  const folder = modelPath.slice(0, modelPath.lastIndexOf("/files/") + "/files".length);
  const files = new Map<string, string>();
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    if (!(await stat(join(folder, path))).isFile()) continue;
    files.set(...(await bytesOfFile({ source: join(folder, path), path })));
  }
  return files;
}

test("equal digests are equal bytes of all that is loaded, whichever way they are found", async () => {
  const bytesOf = new Map<string, string>();
  const digestOf = new Map<string, string>();
  await fc.assert(
    fc.asyncProperty(given, async (model) => {
      const uri = pathToFileURL(await lay(model)).href;
      const located = await locateArtifact(uri, [root]);
      const sha256 = await hashArtifact(located, signal);
      const sources = { roots: [root], registryDir: null, registry: null };
      const { modelPath, sha256: fetched } = await fetchArtifact(cache, sources, {
        uri,
        sha256,
        pinned: () => new Set(),
        signal,
      });
      expect(fetched).toBe(sha256);
      const expected = await Promise.all(located.files.map(bytesOfFile));
      const found = await filesBeside(modelPath);
      // A file that stands alone is known by its own hash, whatever it is called.
      const isAlone = located.kind === "file" && expected.length === 1;
      if (isAlone) expect([...found.values()]).toEqual(expected.map(([, text]) => text));
      else expect([...found]).toEqual(expected.sort(([one], [other]) => (one < other ? -1 : 1)));
      const main = modelPath.slice(modelPath.lastIndexOf("/files/") + "/files/".length);
      if (!isAlone) expect(main).toBe(located.modelFile);
      const identity = isAlone ? [...found.values()].join() : JSON.stringify([main, ...found]);
      expect(bytesOf.get(sha256) ?? identity).toBe(identity);
      expect(digestOf.get(identity) ?? sha256).toBe(sha256);
      bytesOf.set(sha256, identity);
      digestOf.set(identity, sha256);
    }),
    { numRuns: 40 },
  );
}, 60_000);

async function bytesOfFile({ source, path }: { source: string; path: string }): Promise<[string, string]> {
  return [path, (await readFile(source)).toString("hex")];
}
