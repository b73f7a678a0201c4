import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { registryPath } from "@slipway/contracts";
import { doublingModel, externalDataModel, scalingModel } from "@slipway/onnx-file/testing/models";
import { expect, test } from "vitest";
import { systemRandom } from "../context.ts";
import { inChunks, registry } from "../testing/registry-fixture.ts";
import { openDirectoryStore } from "./directory-store.ts";
import { listModels } from "./list-models.ts";
import { getVersion, listVersions } from "./list-versions.ts";
import { uploadVersion } from "./upload-version.ts";

const SIGNATURE = {
  inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
  outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
};
const failsWith = (code: string) => expect.objectContaining({ code });
const everything = { group: "default", limit: 100 };

test("an upload becomes version 1 with its digest, signature and a generated sample, and the next one version 2", async () => {
  const { push, ctx, files } = await registry();
  const first = await push(scalingModel(2), { alias: "live", description: "first" });
  expect(first).toMatchObject({ version: 1, signature: SIGNATURE, aliases: ["live"], createdBy: "local-admin" });
  expect(first.sample).toMatchObject({ origin: "generated", request: { inputs: [{ name: "x", shape: [1, 2] }] } });
  const second = await push(scalingModel(3));
  expect(second.version).toBe(2);
  expect((await files()).sort()).toEqual([first, second].map(({ sha256 }) => `${sha256}.onnx`).sort());
  const { items } = await listModels(ctx, everything);
  expect(items).toEqual([
    expect.objectContaining({ name: "iris", latestVersion: 2, versionCount: 2, aliases: { live: 1 }, deployedIn: [] }),
  ]);
});

test("the same bytes again answer with the version that they are; another model shares them on disk", async () => {
  const { push, count, files } = await registry();
  const [one, two] = await Promise.all([push(doublingModel()), push(doublingModel())]);
  expect([one.version, two.version]).toEqual([1, 1]);
  await push(doublingModel(), { model: "other" });
  expect(await count("model_version")).toBe(2);
  expect(await files()).toHaveLength(1);
});

test("uploads of different bytes at once get different versions", async () => {
  const { push } = await registry();
  const all = await Promise.all([1, 2, 3, 4, 5].map((factor) => push(scalingModel(factor))));
  expect(all.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5]);
});

test("the sample that an artifact carries is the one that is shown", async () => {
  const { push } = await registry();
  const request = { inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [5, 6] }] };
  const version = await push(doublingModel({ "slipway.sample": JSON.stringify(request) }));
  expect(version.sample).toEqual({ origin: "artifact", request });
  const broken = await push(doublingModel({ "slipway.sample": "{ not json" }));
  expect(broken.sample?.origin).toBe("generated");
});

test("what is no model, is too large or was cut leaves neither row nor file", async () => {
  const { push, ctx, count, files } = await registry({ modelMaxBytes: 400 });
  const source = (bytes: Buffer, expectedBytes?: number) => ({
    bytes: inChunks(bytes),
    expectedBytes,
    signal: new AbortController().signal,
  });
  const input = { group: "default", model: "iris" };
  await expect(push(Buffer.from("this is not a model"))).rejects.toEqual(failsWith("registry/not_a_model"));
  await expect(push(externalDataModel("weights.bin"))).rejects.toThrow(/weights lie in another file \(weights\.bin\)/);
  await expect(push(Buffer.alloc(401))).rejects.toEqual(failsWith("request/too_large"));
  await expect(uploadVersion(ctx, input, source(Buffer.alloc(401)))).rejects.toEqual(failsWith("request/too_large"));
  const cut = doublingModel().subarray(0, 50);
  await expect(uploadVersion(ctx, input, source(cut, 90))).rejects.toEqual(failsWith("registry/upload_cut"));
  const aborted = { ...source(doublingModel()), signal: AbortSignal.abort() };
  await expect(uploadVersion(ctx, input, aborted)).rejects.toThrow();
  expect([await count("registered_model"), await count("model_version"), await count("audit")]).toEqual([0, 0, 0]);
  expect(await files()).toEqual([]);
});

test("bytes whose row could not be written go again", async () => {
  const { push, db, files } = await registry();
  await db.pool.query("ALTER TABLE model_version ADD CONSTRAINT none CHECK (version < 1)");
  await expect(push(doublingModel())).rejects.toThrow();
  expect(await files()).toEqual([]);
});

test("what a killed process left half-written goes at the next start; what a living one writes stays", async () => {
  const { folder, files } = await registry();
  const living = (await openDirectoryStore(folder, systemRandom)).receive(slowly(), {
    limitBytes: 1_000,
    signal: new AbortController().signal,
  });
  await mkdir(join(folder, "incoming"), { recursive: true });
  await writeFile(join(folder, "incoming", "1-1-left"), "half");
  await openDirectoryStore(folder, systemRandom);
  expect((await files()).filter((name) => name.endsWith("left"))).toEqual([]);
  const received = await living;
  await received.keep();
  expect(await files()).toEqual([`${received.sha256}.onnx`]);
  expect(existsSync(join(folder, registryPath(received.sha256)))).toBe(true);
});

test("a model is found by a part of its name, of its description or of an alias", async () => {
  const { push, ctx } = await registry();
  await push(scalingModel(2), { alias: "best-yet" });
  await push(scalingModel(3), { model: "rose" });
  const found = async (search: string) =>
    (await listModels(ctx, { ...everything, search })).items.map(({ name }) => name);
  expect(await Promise.all(["IRI", "Best", "o", "nothing"].map(found))).toEqual([["iris"], ["iris"], ["rose"], []]);
});

test("versions come page by page, the latest first, and a missing one is named", async () => {
  const { push, ctx } = await registry();
  for (const factor of [1, 2, 3]) await push(scalingModel(factor));
  const ref = { group: "default", model: "iris" };
  const page = await listVersions(ctx, { ...ref, limit: 2 });
  expect(page.items.map(({ version }) => version)).toEqual([3, 2]);
  const rest = await listVersions(ctx, { ...ref, limit: 2, after: page.next ?? "" });
  expect(rest.items.map(({ version }) => version)).toEqual([1]);
  await expect(getVersion(ctx, { ...ref, version: 4 })).rejects.toThrow("iris has no version 4");
  await expect(getVersion(ctx, { ...ref, model: "rose", version: 1 })).rejects.toEqual(
    failsWith("registry/model_not_found"),
  );
});

async function* slowly(): AsyncGenerator<Buffer> {
  yield Buffer.from("one");
  await new Promise((resolve) => setImmediate(resolve));
  yield Buffer.from("two");
}
