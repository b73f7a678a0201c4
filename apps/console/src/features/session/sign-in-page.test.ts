import { expect, test } from "vitest";
import { pageAfterSignIn, pathOfSignIn } from "./sign-in-page.ts";

test("signing in leads back to the page that one came from, with its query", () => {
  const path = pathOfSignIn("/deployments/iris/edit?group=growth&_rsc=abc", true);
  expect(path).toBe("/sign-in?next=%2Fdeployments%2Firis%2Fedit%3Fgroup%3Dgrowth&ended=1");
  const next = new URL(path, "http://x").searchParams.get("next");
  expect(pageAfterSignIn(next)).toBe("/deployments/iris/edit?group=growth");
});

test("who wanted nothing in particular, or was signing in, is led to the first page", () => {
  expect(pathOfSignIn("/")).toBe("/sign-in");
  expect(pathOfSignIn("/sign-in?next=%2Fservers")).toBe("/sign-in");
  expect(pageAfterSignIn(null, null)).toBe("/");
});

test("of several addresses the first that is a page of this origin is taken", () => {
  expect(pageAfterSignIn(null, "/servers")).toBe("/servers");
  expect(pageAfterSignIn("https://evil.example/x", "/servers")).toBe("/servers");
});

test.each([
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/\t/evil.example",
  "/api/v1/deployments",
  "/sign-out",
  "",
  `/${"x".repeat(3_000)}`,
])("an address that is no page of this origin is not gone to: %s", (address) => {
  expect(pageAfterSignIn(address)).toBe("/");
});
