import { describe, expect, test } from "vitest";
import { durationBetween, memoryQuantity, parseDuration, parseMemory } from "./quantity.ts";

test.each([
  ["1", 1],
  ["1k", 1_000],
  ["1M", 1_000_000],
  ["1G", 1_000_000_000],
  ["1T", 1_000_000_000_000],
  ["1Ki", 1_024],
  ["1Mi", 1_048_576],
  ["1Gi", 1_073_741_824],
  ["1Ti", 1_099_511_627_776],
  ["1.5Ki", 1_536],
  ["0.001k", 1],
  ["0.0015k", null],
  ["8191Ti", 8_191 * 2 ** 40],
  ["8192Ti", null],
  ["1 Ki", null],
  ["1ki", null],
  ["-1", null],
  ["1e3", null],
  ["", null],
])("as memory %j is %j bytes", (text, bytes) => {
  expect(parseMemory(text)).toBe(bytes);
});

test.each([
  ["1ms", 1],
  ["1s", 1_000],
  ["1m", 60_000],
  ["1h", 3_600_000],
  ["1d", 86_400_000],
  ["1.5s", 1_500],
  ["1", null],
  ["1w", null],
  ["-1s", null],
  ["", null],
])("as a duration %j is %j milliseconds", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

describe("bounds are allowed themselves, and what is just beyond them is not", () => {
  const between = durationBetween("100ms", "10m");
  test.each([
    ["100ms", true],
    ["99ms", false],
    ["10m", true],
    ["600s", true],
    ["600.001s", false],
  ])("%s", (text, isAllowed) => {
    expect(between.safeParse(text).success).toBe(isAllowed);
  });

  test("no memory is none", () => {
    expect(memoryQuantity.safeParse("0").success).toBe(false);
    expect(memoryQuantity.safeParse(0).success).toBe(false);
    expect(memoryQuantity.parse(1)).toBe("1");
  });
});
