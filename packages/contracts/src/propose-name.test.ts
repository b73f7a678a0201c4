import fc from "fast-check";
import { expect, test } from "vitest";
import { NAME_PATTERN } from "./names.ts";
import { numberedName, proposeName } from "./propose-name.ts";

test("a title's words become a name, without marks above letters and signs", () => {
  expect(proposeName("My Model_v2")).toBe("my-model-v2");
  expect(proposeName("Café — naïve Bayes (2026)")).toBe("cafe-naive-bayes-2026");
  expect(proposeName("花")).toBe("");
});

test("whatever is proposed is allowed, or nothing is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (title) => {
      const name = proposeName(title);
      expect(name === "" || NAME_PATTERN.test(name)).toBe(true);
    }),
  );
});

test("a proposed name proposes itself, and a numbered one is allowed however long the name is", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 100 }), fc.integer({ min: 2, max: 999 }), (title, number) => {
      const name = proposeName(title);
      expect(proposeName(name)).toBe(name);
      if (name !== "") expect(numberedName(name, number)).toMatch(NAME_PATTERN);
    }),
  );
});
