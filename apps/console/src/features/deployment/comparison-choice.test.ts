import { expect, test } from "vitest";
import { comparisonOf } from "./comparison-choice.ts";
import { fieldWords } from "./field-words.ts";

test("the two newest revisions are compared unless the address says otherwise", () => {
  expect(comparisonOf(new URLSearchParams(""), [9, 8, 7])).toEqual({ from: 8, to: 9 });
  expect(comparisonOf(new URLSearchParams("from=2&to=5"), [9, 8, 7])).toEqual({ from: 2, to: 5 });
  expect(comparisonOf(new URLSearchParams("from=x&to=-1"), [9, 8, 7])).toEqual({ from: 8, to: 9 });
});

test("a value that is not there is said to be so, and is not mistaken for a word", () => {
  expect([null, undefined, "private", 3, false, { a: 1 }].map(fieldWords)).toEqual([
    "not set",
    "not set",
    "private",
    "3",
    "false",
    '{"a":1}',
  ]);
});
