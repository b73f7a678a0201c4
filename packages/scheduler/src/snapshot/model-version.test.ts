import { expect, test } from "vitest";
import { modelVersion } from "./model-version.ts";

const spec = { storageUri: "file:/models/iris.onnx", format: "onnx" } as const;

test("the version of a model never changes with a release of Slipway", () => {
  expect(modelVersion(spec)).toBe("7a7ae06819f73d28");
});

test("what matters to a load makes another version", () => {
  const other = { ...spec, storageUri: "file:/models/other.onnx" };
  const joined = { ...spec, batching: "on" } as const;
  const alone = { ...spec, batching: "off" } as const;
  const versions = [spec, other, { ...spec, sha256: "a".repeat(64) }, joined, alone];
  expect(new Set(versions.map(modelVersion)).size).toBe(5);
});

test("what does not matter to a load makes no other version", () => {
  expect(modelVersion({ ...spec, batching: "auto" })).toBe(modelVersion(spec));
  expect(modelVersion({ ...spec, ...{ replicas: 4, memory: "1Gi", startTimeout: "1m" } })).toBe(modelVersion(spec));
});
