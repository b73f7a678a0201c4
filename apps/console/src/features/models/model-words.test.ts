import { expect, test } from "vitest";
import { pathOfDeploy, pathOfModel, pathOfModels, queryOf } from "./model-path.ts";
import { nameFromFile, shapeWords, sizeWords } from "./model-words.ts";

test("sizes and shapes are said as people read them", () => {
  expect([0, 1023, 1536, 5 * 1024 ** 2, 250 * 1024 ** 2].map(sizeWords)).toEqual([
    "0 B",
    "1023 B",
    "1.5 KiB",
    "5.0 MiB",
    "250 MiB",
  ]);
  expect(shapeWords([-1, 4])).toBe("[any, 4]");
  expect(shapeWords([])).toBe("[]");
});

test("a name is proposed from the file, and is always one that is allowed, or none", () => {
  expect(nameFromFile("My Model_v2.onnx")).toBe("my-model-v2");
  expect(nameFromFile("Übung.ONNX")).toBe("u-bung");
  expect(nameFromFile(`${"a".repeat(62)}-b.onnx`)).toBe("a".repeat(62));
  expect(nameFromFile("模型.onnx")).toBe("");
});

test("an address says only what does not go without saying", () => {
  expect(pathOfModels({ group: "default", search: "", after: "" })).toBe("/models");
  expect(pathOfModel({ group: "growth", name: "iris" })).toBe("/models/iris?group=growth");
  expect(pathOfDeploy({ group: "default", name: "iris" }, 2)).toBe("/deployments/new?model=iris&version=2");
  expect(queryOf({ search: ["a", "b"] })).toEqual({ group: "default", search: "a", after: "" });
});
