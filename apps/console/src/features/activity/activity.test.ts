import { expect, test } from "vitest";
import { addressOf, queryOf } from "./activity-query.ts";
import { describeAction, describeValue } from "./describe-action.ts";

test("an address and what it asks for say the same, whatever stands in it", () => {
  const query = { group: "growth", kind: "Server", name: "a&b=c", actor: "user:ada", after: "W10=" };
  const url = new URL(addressOf(query), "http://localhost");
  expect(queryOf(Object.fromEntries(url.searchParams))).toEqual(query);
  expect(addressOf(queryOf({}))).toBe("/activity");
  expect(addressOf(queryOf({ group: "default", kind: ["Model", "Server"] }))).toBe("/activity?kind=Model");
});

test("every action is said in words, and an unknown one as it is", () => {
  expect(["deployment.scale", "server.delete", "client_token.revoke", "sign_in.link"].map(describeAction)).toEqual([
    "scaled",
    "deleted",
    "revoked a client token of",
    "made a sign-in link",
  ]);
  expect(describeAction("deployment.promote")).toBe("deployment.promote");
});

test("a field that is not there differs from an empty one", () => {
  expect([null, "", 0, "a", { b: [1] }].map(describeValue)).toEqual(["not set", '""', "0", "a", '{"b":[1]}']);
});
