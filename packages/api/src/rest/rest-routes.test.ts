import { expect, test } from "vitest";
import { matchRoute, type RestRoute } from "./rest-routes.ts";

const routes: RestRoute[] = [
  { method: "GET", segments: ["status"], procedure: "platform.status" },
  { method: "GET", segments: ["{kind}", "{name}"], procedure: "resource.get" },
  { method: "DELETE", segments: ["{kind}", "{name}"], procedure: "resource.delete" },
];

test("placeholders are filled with the decoded parts of the path", () => {
  const match = matchRoute(routes, "DELETE", "/deployments/a%20b");
  expect(match.route.procedure).toBe("resource.delete");
  expect(match.params).toEqual({ kind: "deployments", name: "a b" });
});

test("a known path with another method says which methods it has", () => {
  expect(() => matchRoute(routes, "PUT", "/deployments/iris")).toThrow(
    "PUT is not allowed here; allowed: GET, DELETE.",
  );
});

test("an unknown path is not found, and a broken encoding is the caller's fault", () => {
  expect(() => matchRoute(routes, "GET", "/a/b/c")).toThrow("There is nothing at /a/b/c.");
  expect(() => matchRoute(routes, "GET", "/deployments/%E0%A4%A")).toThrow("percent-encoding");
});
