import { expect, test } from "vitest";
import { isBelow, isOutside, listAbove, pathForGroup, withGroup } from "./pages.ts";

test("an address names a group only where that is not the default one", () => {
  expect(withGroup("/servers", "default")).toBe("/servers");
  expect(withGroup("/servers", "growth team")).toBe("/servers?group=growth%20team");
});

test("another group of one object's page is the list: its name is of its own group", () => {
  expect(pathForGroup("/deployments/iris", "growth")).toBe("/deployments?group=growth");
  expect(pathForGroup("/activity", "*")).toBe("/activity?group=*");
  expect(pathForGroup("/welcome", "growth")).toBe("/welcome?group=growth");
});

test("a page is not another one that begins alike", () => {
  expect(isBelow("/servers", "/servers-of-others")).toBe(false);
  expect(isBelow("/servers", "/servers/onnx")).toBe(true);
  expect(isOutside("/sign-in")).toBe(true);
  expect(isOutside("/deployments")).toBe(false);
});

test("going back leads from an object to its list, and never out of a form", () => {
  expect(
    [
      "/deployments/iris",
      "/deployments",
      "/deployments/new",
      "/deployments/-/new",
      "/deployments/iris/edit",
      "/account",
    ].map(listAbove),
  ).toEqual(["/deployments", null, "/deployments", null, null, null]);
});
