import { expect, test } from "vitest";
import { DEFAULT_MODEL_MEMORY, proposedMemory } from "./propose-memory.ts";

test.each([
  [0, DEFAULT_MODEL_MEMORY],
  [64 * 2 ** 20, DEFAULT_MODEL_MEMORY],
  [64 * 2 ** 20 + 1, "129Mi"],
  [286 * 2 ** 20, "572Mi"],
  [2 ** 31, "4096Mi"],
])("a model of %d bytes is given twice that, in whole MiB, and at least the default", (bytes, memory) => {
  expect(proposedMemory(bytes)).toBe(memory);
});
