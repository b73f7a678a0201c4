import { PENDING_STATUS, type ResourceView } from "@slipway/contracts";
import { expect, test } from "vitest";
import { knownModels } from "./known-models.ts";
import { modelTitle } from "./model-title.ts";
import { signatureLines } from "./signature-words.ts";

function deployment(name: string, uri: string, signature: ResourceView["status"]["signature"] = null): ResourceView {
  return {
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: {
      name,
      group: "default",
      labels: {},
      annotations: {},
      uid: name,
      generation: 1,
      version: 1,
      owner: null,
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-01-01T00:00:00.000Z",
      deletedAt: null,
    },
    spec: { variants: [{ name: "main", model: { uri, format: "onnx" } }] },
    status: { ...PENDING_STATUS, signature },
  };
}

const SIGNATURE = { inputs: [{ name: "x", datatype: "FP32", shape: [-1, 4] }], outputs: [] };

test("a model that several deployments have is offered once, with the signature that any of them knows", () => {
  const models = knownModels([
    deployment("b", "file:///b.onnx"),
    deployment("a", "file:///a.onnx"),
    deployment("a-2", "file:///a.onnx", SIGNATURE),
  ]);
  expect(models.map(({ title, uri, signature }) => [title, uri, signature])).toEqual([
    ["a-2", "file:///a.onnx", SIGNATURE],
    ["b", "file:///b.onnx", null],
  ]);
  expect(models[0]?.model).toEqual({ uri: "file:///a.onnx", format: "onnx" });
});

test("a model is called after its file, or its folder where the file's name says nothing", () => {
  expect(modelTitle("file:///models/iris/model.onnx")).toBe("iris");
  expect(modelTitle("https://example.com/My%20Model_v2.onnx?token=1")).toBe("My Model_v2");
  expect(modelTitle("file:///x%ZZ.onnx")).toBe("x%ZZ");
  expect(modelTitle("")).toBe("");
});

test("a signature is told in words", () => {
  expect(signatureLines(SIGNATURE)).toEqual({ inputs: ["x: FP32, any × 4"], outputs: [] });
});
