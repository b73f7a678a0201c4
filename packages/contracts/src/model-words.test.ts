import { expect, test } from "vitest";
import { shapeWords } from "./model-words.ts";

test("a dimension that may be of any size is said so", () => {
  expect(shapeWords([-1, 4])).toBe("[any, 4]");
  expect(shapeWords([])).toBe("[]");
});
