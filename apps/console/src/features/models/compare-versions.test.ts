import type { ModelVersionView } from "@slipway/contracts";
import { expect, test } from "vitest";
import { comparedSentence, compareVersions } from "./compare-versions.ts";

const tensor = (name: string, shape: number[], datatype = "FP32") => ({ name, datatype, shape });
const version = (number: number, more: Partial<ModelVersionView> = {}): ModelVersionView => ({
  ...{ model: "iris", group: "default", version: number, format: "onnx", sha256: `${number}`, sizeBytes: 1024 },
  ...{ filename: "iris.onnx", description: "", sample: null, aliases: [], createdBy: "ada", deployedIn: [] },
  ...{ createdAt: "2026-01-01T00:00:00Z", signature: { inputs: [tensor("x", [-1, 2])], outputs: [tensor("y", [-1])] } },
  ...more,
});

test("two versions with the same signature differ in their bytes alone, and callers need not change", () => {
  const lines = compareVersions(version(1), version(2));
  expect(lines.filter(({ isSame }) => !isSame).map(({ what }) => what)).toEqual(["SHA-256"]);
  expect(comparedSentence(lines)).toBe("Both take and give the same, so callers need not change.");
});

test("a tensor that only one of them has, or that is of another shape or datatype, is named first", () => {
  const other = version(2, { signature: { inputs: [tensor("x", [-1, 3])], outputs: [tensor("z", [-1], "INT64")] } });
  const lines = compareVersions(version(1), other);
  expect(lines.slice(0, 3)).toEqual([
    { what: "takes x", one: "FP32 [any, 2]", other: "FP32 [any, 3]", isSame: false },
    { what: "gives y", one: "FP32 [any]", other: "", isSame: false },
    { what: "gives z", one: "", other: "INT64 [any]", isSame: false },
  ]);
  expect(comparedSentence(lines)).toBe("Callers may have to change: 3 tensors differ.");
});
