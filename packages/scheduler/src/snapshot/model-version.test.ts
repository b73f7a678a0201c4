import { expect, test } from "vitest";
import { modelVersion } from "./model-version.ts";

const spec = { storageUri: "file:/models/iris.onnx", format: "onnx" } as const;

test("the version of a model never changes with a release of Slipway", () => {
  expect(modelVersion(spec)).toBe("7a7ae06819f73d28");
});

test("what matters to a load makes another version", () => {
  const versions = [spec, { ...spec, storageUri: "file:/models/other.onnx" }, { ...spec, sha256: "a".repeat(64) }];
  expect(new Set(versions.map(modelVersion)).size).toBe(3);
});

test("what does not matter to a load makes no other version", () => {
  expect(modelVersion({ ...spec, ...{ replicas: 4, memory: "1Gi", startTimeout: "1m" } })).toBe(modelVersion(spec));
});
