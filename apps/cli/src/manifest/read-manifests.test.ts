import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { joinManifests, nameFiles, prepareManifest, readManifests } from "./read-manifests.ts";

const WRITTEN = "# why it is here\nkind: Server\nmetadata: { name: onnx }\nspec: { replicas: 2 }\n";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-manifests-"));
  writeFileSync(join(folder, "b.yaml"), WRITTEN);
  writeFileSync(join(folder, "a.yml"), `${WRITTEN}---\n${WRITTEN}`);
  writeFileSync(join(folder, "notes.txt"), "not a manifest");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a folder gives its manifests in the order of their names and nothing else", async () => {
  const files = await readManifests(folder, () => Promise.resolve(""));
  expect(files.map(({ file, documents }) => [file, documents])).toEqual([
    [join(folder, "a.yml"), 2],
    [join(folder, "b.yaml"), 1],
  ]);
});

test("a manifest's text is sent exactly as it was written", () => {
  const file = { file: "a.yaml", text: WRITTEN, documents: 1 };
  expect(prepareManifest(file, undefined).text).toBe(WRITTEN);
});

test("what get printed can be applied again: only what readers get is taken out, comments stay", () => {
  const text = `${WRITTEN.replace("name: onnx", "name: onnx, uid: u, version: 3, generation: 2, createdAt: now")}status: { lifecycle: Live }\n`;
  const prepared = prepareManifest({ file: "a.yaml", text, documents: 1 }, undefined);
  expect(parse(prepared.text)).toEqual({
    kind: "Server",
    metadata: { name: "onnx", uid: "u", version: 3 },
    spec: { replicas: 2 },
  });
  expect(prepared.text).toContain("# why it is here");
});

test("--group goes into a manifest that names none, and contradicts one that names another", () => {
  const without = prepareManifest({ file: "a.yaml", text: WRITTEN, documents: 1 }, "growth");
  expect(parse(without.text).metadata.group).toBe("growth");
  const other = { file: "a.yaml", text: "metadata: { group: other }\n", documents: 1 };
  expect(() => prepareManifest(other, "growth")).toThrow("a.yaml names group other, but --group says growth.");
});

test("with several files a problem names its file instead of a number in the joined text", async () => {
  const files = await readManifests(folder, () => Promise.resolve(""));
  expect(joinManifests(files).split("---\n")).toHaveLength(3);
  const named = nameFiles(
    [
      { field: "document 3: spec.replicas", message: "is -1" },
      { field: "document 2: spec.replicas", message: "is -1" },
    ],
    files,
  );
  expect(named.map(({ field }) => field)).toEqual([
    `${join(folder, "b.yaml")}: spec.replicas`,
    `${join(folder, "a.yml")}, document 2: spec.replicas`,
  ]);
});
