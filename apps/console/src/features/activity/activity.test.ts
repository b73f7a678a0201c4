import { expect, test } from "vitest";
import { addressOf, exportAddressOf, queryOf } from "./activity-query.ts";
import { actionWords, describeAction, describeValue, FILTER_ACTIONS } from "./describe-action.ts";

test("an address and what it asks for say the same, whatever stands in it", () => {
  const what = { kind: "Server", name: "a&b=c", actor: "user:ada", action: "server.scale" };
  const query = { group: "growth", ...what, from: "-24h", to: "2026-01-01T00:00:00Z", after: "W10=" };
  const url = new URL(addressOf(query), "http://localhost");
  expect(queryOf(Object.fromEntries(url.searchParams))).toEqual(query);
  expect(addressOf(queryOf({}))).toBe("/activity");
  expect(addressOf(queryOf({ group: "default", kind: ["Model", "Server"] }))).toBe("/activity?kind=Model");
});

test("a file holds what is shown and all that is older, not the page alone", () => {
  const query = queryOf({ name: "iris", after: "W10=" });
  expect(exportAddressOf(query, "csv")).toBe("/api/v1/activity/export?name=iris&format=csv");
  expect(exportAddressOf(queryOf({}), "ndjson")).toBe("/api/v1/activity/export?format=ndjson");
});

test("each choice of what was done is told from the others", () => {
  const words = FILTER_ACTIONS.map(actionWords);
  expect(new Set(words).size).toBe(words.length);
  expect(words).toContain("scaled: server");
  expect(words).toContain("rotated a client token");
});

test("every action is said in words, and an unknown one as it is", () => {
  expect(["deployment.scale", "server.delete", "client_token.revoke", "sign_in.link"].map(describeAction)).toEqual([
    "scaled",
    "deleted",
    "revoked a client token of",
    "made a sign-in link for",
  ]);
  expect(describeAction("deployment.promote")).toBe("deployment.promote");
});

test("a field that is not there differs from an empty one", () => {
  expect([null, "", 0, "a", { b: [1] }].map(describeValue)).toEqual(["not set", '""', "0", "a", '{"b":[1]}']);
});
