import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NAME_PATTERN, PENDING_STATUS, parseManifests, type ResourceView } from "@slipway/contracts";
import { hashArtifact } from "@slipway/onnx-file";
import { externalDataModel } from "@slipway/onnx-file/testing/models";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CommandFailure } from "../failure.ts";
import { findModel, modelTitle } from "./find-model.ts";
import { makeManifest } from "./make-manifest.ts";
import { nameFromFile } from "./name-from-file.ts";

let folder: string;
const signal = new AbortController().signal;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-manifest-"));
  writeFileSync(join(folder, "My Model_v2.onnx"), "one");
  mkdirSync(join(folder, "with data", "weights"), { recursive: true });
  writeFileSync(join(folder, "with data", "net.onnx"), "net");
  writeFileSync(join(folder, "with data", "weights", "a.bin"), "a");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const existing: ResourceView = {
  apiVersion: "slipway.dev/v1",
  kind: "Deployment",
  metadata: {
    name: "my-model-v2",
    group: "default",
    title: "Mine",
    labels: { team: "growth" },
    annotations: {},
    uid: "01981b2f-7f2e-7c3a-8f64-0d9a4f0f2b11",
    generation: 3,
    version: 7,
    owner: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    deletedAt: null,
  },
  spec: {
    variants: [{ name: "first", model: { uri: "file:///old.onnx", sha256: "0".repeat(64) } }],
    scaling: { replicas: 3 },
    access: { visibility: "public" },
    running: false,
  },
  status: PENDING_STATUS,
};

test("a file becomes a valid manifest with an absolute URI and the digest of its content", async () => {
  const model = await findModel(join(folder, "My Model_v2.onnx"));
  const text = makeManifest({
    name: nameFromFile(modelTitle(model)),
    group: "default",
    model: { path: model.path, sha256: await hashArtifact(model.artifact, signal) },
    replicas: undefined,
    memory: null,
    existing: null,
  });
  const [made] = parseManifests(text);
  expect(made?.manifest).toMatchObject({
    kind: "Deployment",
    metadata: { name: "my-model-v2", group: "default" },
    spec: { scaling: { replicas: 1 }, variants: [{ model: { format: "onnx", sha256: sha256("one") } }] },
  });
  expect(text).toContain("My%20Model_v2.onnx");
});

test("a folder's digest covers every file in it by path and content", async () => {
  const model = await findModel(join(folder, "with data"));
  expect(modelTitle(model)).toBe("with data");
  const lines = `net.onnx\0${sha256("net")}\nweights/a.bin\0${sha256("a")}\n`;
  expect(await hashArtifact(model.artifact, signal)).toBe(sha256(lines));
});

test("weights beside a model's file are part of its digest, and nothing else beside it is", async () => {
  const beside = join(folder, "beside");
  mkdirSync(beside);
  const digest = async () => hashArtifact((await findModel(join(beside, "net.onnx"))).artifact, signal);
  const graph = externalDataModel("weights.bin");
  writeFileSync(join(beside, "net.onnx"), graph);
  await expect(digest()).rejects.toMatchObject({ exit: "badInput", message: expect.stringContaining("weights.bin") });
  writeFileSync(join(beside, "weights.bin"), "first");
  const first = await digest();
  const graphHash = createHash("sha256").update(graph).digest("hex");
  expect(first).toBe(sha256(`net.onnx\0${graphHash}\nweights.bin\0${sha256("first")}\n`));
  writeFileSync(join(beside, "notes.txt"), "unrelated");
  expect(await digest()).toBe(first);
  writeFileSync(join(beside, "weights.bin"), "retrained");
  expect(await digest()).not.toBe(first);
});

test("applying a model over a deployment of that name exchanges the model and keeps everything else", () => {
  const text = makeManifest({
    name: "my-model-v2",
    group: "default",
    model: { path: "/new.onnx", sha256: "1".repeat(64) },
    replicas: undefined,
    memory: null,
    existing,
  });
  const [made] = parseManifests(text);
  expect(made?.manifest).toMatchObject({
    metadata: { title: "Mine", labels: { team: "growth" }, uid: existing.metadata.uid, version: 7 },
    spec: {
      scaling: { replicas: 3 },
      access: { visibility: "public" },
      running: false,
      variants: [{ name: "first", model: { uri: "file:///new.onnx", sha256: "1".repeat(64) } }],
    },
  });
});

test("whatever a file is called, its name is valid or refused with advice", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (title) => {
      try {
        expect(nameFromFile(title)).toMatch(NAME_PATTERN);
      } catch (error) {
        expect(error).toBeInstanceOf(CommandFailure);
      }
    }),
  );
});

test.each([
  ["nothing", "missing.onnx"],
  ["a folder with more than one model", "."],
  ["a file that is no model", "with data/weights/a.bin"],
])("%s is refused as bad input", async (_case, name) => {
  await expect(findModel(join(folder, name))).rejects.toMatchObject({ exit: "badInput" });
});
