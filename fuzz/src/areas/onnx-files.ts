import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { examplePath } from "@slipway/model-server/testing/example-models";
import { readOnnxFile, readOnnxFileSync } from "@slipway/onnx-file";
import {
  countingModel,
  doublingModel,
  externalDataModel,
  lookUpModel,
  neighbourlyModel,
  scalingModel,
} from "@slipway/onnx-file/testing/models";
import * as fc from "fast-check";
import { type Area, hold } from "../area.ts";
import { mutated } from "../gen/mutate.ts";

export const MODEL_CORPUS: readonly Buffer[] = [
  scalingModel(2),
  doublingModel({ "slipway.sample": '{"inputs":[]}' }),
  neighbourlyModel(),
  lookUpModel(),
  countingModel(),
  externalDataModel("weights.bin"),
  externalDataModel("../../outside.bin"),
  readFileSync(join(examplePath("iris"), "model.onnx")),
];

/** What is no model at all, as it is found in folders of models. */
const OTHERS = [
  "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n",
  "<!DOCTYPE html><html></html>",
  "PK\u0003\u0004",
  Buffer.from([0x1f, 0x8b, 8, 0]),
];

export const onnxFiles: Area = {
  name: "onnx-files",
  guarantee: "a file that is no model is an answer in words, the same for whoever may block and whoever may not",
  inputs: { long: 150_000, short: 400 },
  bytes: () =>
    fc.oneof({ weight: 9, arbitrary: mutated(MODEL_CORPUS) }, mutated(OTHERS), fc.uint8Array().map(Buffer.from)),
  async open() {
    const folder = mkdtempSync(join(tmpdir(), "slipway-fuzz-"));
    const path = join(folder, "model.onnx");
    return {
      async check(bytes) {
        writeFileSync(path, bytes);
        const read = readOnnxFileSync(path);
        hold(isDeepStrictEqual(await readOnnxFile(path), read), "both readers say the same", () => read);
        hold(read.problem === null || read.signature === null, "what is broken has no signature", () => read);
        hold((read.problem ?? "words").trim() !== "", "what is broken is said in words");
        hold((read.problem ?? "").length <= 1_000, "what is broken is said in few words", () => read.problem);
        for (const { shape } of [...(read.signature?.inputs ?? []), ...(read.signature?.outputs ?? [])]) {
          const isPlain = shape.every((one) => Number.isSafeInteger(one) && one >= -1);
          hold(isPlain, "a dimension is a size or open", () => shape);
        }
      },
      pids: () => [],
      takeLongestWaitMs: null,
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};
