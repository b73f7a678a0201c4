import { expect, test } from "vitest";
import { judge } from "./report.ts";

test("a missing peer makes the verdict unknown, never met", () => {
  expect(judge({ ratio: null }, [{ metric: "ratio", atLeast: 1 }])).toBe(null);
});

test("one missed target misses the bench, even beside an unknown one", () => {
  expect(
    judge({ a: null, b: 2 }, [
      { metric: "a", atLeast: 1 },
      { metric: "b", atMost: 1 },
    ]),
  ).toBe(false);
});

test("all targets reached is met", () => {
  expect(
    judge({ a: 1, b: 1 }, [
      { metric: "a", atLeast: 1 },
      { metric: "b", atMost: 1 },
    ]),
  ).toBe(true);
});
