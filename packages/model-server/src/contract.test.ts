import { describeModelServer } from "@slipway/inference/contract";
import { expect } from "vitest";
import { examplePath, readSample } from "./testing/example-models.ts";
import { startModelServerProcess } from "./testing/model-server-process.ts";

describeModelServer("our ONNX model server", () => startModelServerProcess(), {
  path: examplePath("iris"),
  request: readSample("iris"),
  wrongShape: '{"inputs":[{"name":"input","shape":[1,5],"datatype":"FP32","data":[1,2,3,4,5]}]}',
  expectAnswer(outputs) {
    expect(outputs.map(({ name }) => name)).toEqual(["label", "probabilities"]);
    expect(outputs[0]?.data).toEqual([0]);
  },
});
