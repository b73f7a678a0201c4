import { expect, test } from "vitest";
import { nameFromFile } from "./name-from-file.ts";

test("a name is proposed from the file, and is always one that is allowed, or none", () => {
  expect(nameFromFile("My Model_v2.onnx")).toBe("my-model-v2");
  expect(nameFromFile("Übung.ONNX")).toBe("ubung");
  expect(nameFromFile(`${"a".repeat(62)}-b.onnx`)).toBe("a".repeat(62));
  expect(nameFromFile("模型.onnx")).toBe("");
});
