import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { externalDataModel } from "@slipway/onnx-file/testing/models";
import { type Attribute, onnxModel, type Versions } from "@slipway/onnx-file/testing/onnx-builder";
import { expect, test } from "vitest";
import { temporaryFolder, writeModel } from "../testing/temporary-model.ts";
import { openOnnxSession } from "./onnx-session.ts";

function modelOf(op: string, versions: Versions = {}, domain = "", attributes: Attribute[] = []): Buffer {
  const datatype = op === "StringNormalizer" ? "BYTES" : "FP32";
  return onnxModel(
    {
      nodes: [{ op, domain, inputs: ["x"], outputs: ["y"], attributes }],
      inputs: [{ name: "x", datatype, shape: ["n"] }],
      outputs: [{ name: "y", datatype, shape: null }],
    },
    {},
    versions,
  );
}

const LOCALE: Attribute[] = [
  { name: "locale", text: "xx_YY.UTF-8" },
  { name: "case_change_action", text: "LOWER" },
];

test.each<[string, Buffer, RegExp]>([
  ["the version of the format", modelOf("Relu", { ir: 99 }), /version 99 of the file format \(IR\).*reads up to \d+\./],
  [
    "the version of the operators",
    modelOf("Relu", { opset: 99 }),
    /version 99 .* of ai\.onnx, .* up to \d+\..* opset \d+/,
  ],
  [
    "the version of another domain's operators",
    modelOf("Relu", { domains: { "ai.onnx.ml": 99 } }),
    /version 99 .* of ai\.onnx\.ml, .* up to \d+\./,
  ],
  ["a locale", modelOf("StringNormalizer", {}, "", LOCALE), /needs the locale xx_YY\.UTF-8, .*locale-gen xx_YY\.UTF-8/],
  ["an operator of a later version", modelOf("Mish", { opset: 12 }), /no operator Mish in version 12/],
  [
    "a custom operator",
    modelOf("Blur", { domains: { "com.example": 1 } }, "com.example"),
    /operator Blur of com\.example, .* custom operators cannot be served/,
  ],
  ["a domain without a version", modelOf("Blur", {}, "com.example"), /operators of com\.example without saying/],
  [
    "weights that are missing",
    externalDataModel("weights.bin"),
    /keeps weights in weights\.bin, which is not beside it/,
  ],
  ["a file that is cut off", modelOf("Relu").subarray(0, 40), /damaged, or cut off/],
])("what the runtime lacks or finds broken is said whole and with what to do: %s", (_name, bytes, words) => {
  using folder = temporaryFolder();
  const path = writeModel(folder.path, "model", bytes);
  let said = "";
  try {
    openOnnxSession(path, { intraOpThreads: 1, withoutShape: [] }).dispose();
  } catch (error) {
    said = error instanceof Error ? error.message : "";
  }
  expect(said).toMatch(words);
  expect(said).not.toMatch(/onnxruntime_src|std::/);
});

test("weights that are shorter than the model says are told so", () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "weights.bin"), "");
  const path = writeModel(folder.path, "model", externalDataModel("weights.bin"));
  expect(() => openOnnxSession(path, { intraOpThreads: 1, withoutShape: [] })).toThrow(/shorter than the model says/);
});
