import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SAMPLE_KEY } from "./onnx-walk.ts";
import { readOnnxFile, readOnnxFileSync } from "./read-onnx-file.ts";
import { doublingModel, externalDataModel, identityModel, loopingModel } from "./testing/models.ts";
import { message } from "./testing/protobuf-writer.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-onnx-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(bytes: Buffer | string) {
  const path = join(folder, "model.onnx");
  await writeFile(path, bytes);
  const file = await readOnnxFile(path);
  expect(readOnnxFileSync(path)).toEqual(file);
  return file;
}

test("inputs, outputs, external data and missing shapes are found", async () => {
  const doubling = await read(doublingModel());
  expect(doubling.signature).toEqual({
    inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
    outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
  });
  expect((await read(externalDataModel("weights.bin"))).externalData).toEqual(["weights.bin"]);
  expect((await read(identityModel("FP32"))).withoutShape).toEqual(["x", "y"]);
  expect(await read(loopingModel(1n))).toMatchObject({ externalData: [], withoutShape: [], problem: null });
});

test("a sample in the metadata is found, however much other metadata there is, and an oversized one is none", async () => {
  const sample = JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 2] }] });
  const others = { author: "somebody", notes: "n".repeat(200_000) };
  expect((await read(doublingModel({ ...others, [SAMPLE_KEY]: sample }))).sample).toBe(sample);
  expect((await read(doublingModel(others))).sample).toBeNull();
  expect((await read(doublingModel({ [SAMPLE_KEY]: "1".repeat(65_537) }))).sample).toBeNull();
});

test("what lies beyond the first window of the file is read like the rest", async () => {
  const padding = message(7, Buffer.concat([message(1, message(4, "Noise".repeat(50_000)))]));
  const file = await read(Buffer.concat([padding, externalDataModel("far.bin")]));
  expect(file.externalData).toEqual(["far.bin"]);
  expect(file.signature?.inputs).toHaveLength(1);
});

test("a map as output is well-formed and said to be unservable", async () => {
  const mapType = message(2, message(5, Buffer.from([8, 7])));
  const graph = message(7, message(12, Buffer.concat([message(1, "probabilities"), mapType])));
  const file = await read(graph);
  expect(file).toMatchObject({ problem: null, signature: null });
  expect(file.unservable).toContain("probabilities is a map");
});

test("an optional tensor is named as what it is", async () => {
  const optional = message(2, message(9, message(1, message(1, Buffer.from([8, 1])))));
  const file = await read(message(7, message(11, Buffer.concat([message(1, "x"), optional]))));
  expect(file).toMatchObject({ problem: null, signature: null, unservable: expect.stringContaining("x is optional") });
});

test("a file that is cut off says so", async () => {
  expect((await read(doublingModel().subarray(0, 40))).problem).toContain("cut off");
});

test("names may be long, yet all of them together take no more memory than is allowed", async () => {
  const node = message(5, message(8, "n".repeat(1_000_000)));
  expect((await read(message(7, node))).problem).toBeNull();
  expect((await read(message(7, message(5, message(8, "n".repeat(1_100_000)))))).problem).toContain("a name is longer");
  expect((await read(message(7, Buffer.concat(Array.from({ length: 70 }, () => node))))).problem).toContain("memory");
});

test.each(["", "this is not a model", "{}", "PK\u0003\u0004"])(
  "%j is no model, and the answer says why",
  async (text) => {
    const file = await read(text);
    expect(file.problem).toMatch(/\w+ \w+/);
    expect(file.signature).toBeNull();
  },
);

test("nesting without end is refused", async () => {
  let nested: Buffer = Buffer.alloc(0);
  for (let depth = 0; depth < 200; depth += 1) nested = message(6, message(1, message(5, nested)));
  expect((await read(message(7, message(1, message(5, nested))))).problem).toContain("nested deeper");
});

test("a file cut anywhere, or with a byte changed, is answered and never hangs", async () => {
  const bytes = externalDataModel("weights.bin");
  const change = fc.record({ cut: fc.nat(bytes.length), at: fc.nat(bytes.length - 1), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(change, async ({ cut, at, to }) => {
      const broken = Buffer.from(bytes);
      broken[at] = to;
      const { problem } = await read(broken.subarray(0, cut));
      expect(problem ?? "").not.toContain("undefined");
    }),
  );
});
