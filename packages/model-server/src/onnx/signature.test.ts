import { readOnnxFile, readOnnxFileSync } from "@slipway/onnx-file";
import * as models from "@slipway/onnx-file/testing/models";
import { onnxModel } from "@slipway/onnx-file/testing/onnx-builder";
import { expect, test } from "vitest";
import { EXAMPLE_MODELS, examplePath } from "../testing/example-models.ts";
import { temporaryFolder, writeModel } from "../testing/temporary-model.ts";
import { openOnnxSession } from "./onnx-session.ts";

/** What the runtime says of a file, in the form in which the file's own words are read. */
function signatureByRuntime(path: string) {
  const { withoutShape } = readOnnxFileSync(path);
  const session = openOnnxSession(path, { intraOpThreads: 1, withoutShape });
  session.dispose();
  const plain = (spec: { name: string; datatype: string; shape: number[] }) => ({
    ...{ name: spec.name, datatype: spec.datatype, shape: spec.shape },
  });
  return { inputs: session.signature.inputs.map(plain), outputs: session.signature.outputs.map(plain) };
}

test.each(EXAMPLE_MODELS)("example %s: the file's own signature is the one that the runtime finds", async (name) => {
  const path = `${examplePath(name)}/model.onnx`;
  const file = await readOnnxFile(path);
  expect(file).toEqual(readOnnxFileSync(path));
  expect(file).toMatchObject({ problem: null, unservable: null, externalData: [] });
  expect(file.signature).toEqual(signatureByRuntime(path));
});

function namedModel(input: string, output: string): Buffer {
  return onnxModel({
    nodes: [{ op: "Relu", inputs: [input], outputs: [output] }],
    inputs: [{ name: input, datatype: "FP32", shape: ["n"] }],
    outputs: [{ name: output, datatype: "FP32", shape: ["n"] }],
  });
}

test.each([
  ["doubling", models.doublingModel()],
  ["any rank", models.identityModel("BYTES")],
  ["weights inside", models.lookUpModel()],
  ["nested graph", models.loopingModel(1n)],
  ["scalars", models.countingModel()],
  ["graphs as deep as the runtime takes them", models.nestedModel(25)],
  ["names longer than a page", namedModel("x".repeat(5_401), "y".repeat(100_000))],
  [
    "an input with a value of its own",
    onnxModel({
      nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
      inputs: [
        { name: "x", datatype: "FP32", shape: ["n", 2] },
        { name: "w", datatype: "FP32", shape: [2] },
      ],
      outputs: [{ name: "y", datatype: "FP32", shape: ["n", 2] }],
      initializers: [{ name: "w", datatype: "FP32", dims: [2], raw: Buffer.from(Float32Array.of(1, 2).buffer) }],
    }),
  ],
])("%s: the file's own signature is the one that the runtime finds", (name, bytes) => {
  using folder = temporaryFolder();
  const path = writeModel(folder.path, "model", bytes);
  expect(readOnnxFileSync(path).signature, name).toEqual(signatureByRuntime(path));
});
