import { expect, test } from "vitest";
import { guardLeaving, mayLeaveFor } from "./leave-guard.ts";

test("a page with something unsaved is asked instead of left, until it has nothing unsaved any more", () => {
  const asked: string[] = [];
  expect(mayLeaveFor("/servers")).toBe(true);
  const release = guardLeaving((path) => asked.push(path));
  expect(mayLeaveFor("/servers")).toBe(false);
  expect(asked).toEqual(["/servers"]);
  release();
  expect(mayLeaveFor("/servers")).toBe(true);
});

test("a page that goes does not take away the guard of the one that came after it", () => {
  const release = guardLeaving(() => undefined);
  const other = guardLeaving(() => undefined);
  release();
  expect(mayLeaveFor("/servers")).toBe(false);
  other();
});
