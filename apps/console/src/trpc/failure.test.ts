import { TRPCClientError } from "@trpc/client";
import { expect, test } from "vitest";
import { failureOf, problemOf } from "./failure.ts";

test("an error that the API answered keeps its own words, and its problems stand at their fields", () => {
  const error = {
    error: "client must be a name.",
    code: "request/invalid",
    check: "Mend it.",
    problems: [{ field: "client", message: "must be a name" }],
    requestId: "r",
  };
  const failure = failureOf(new TRPCClientError("x", { result: { error: { data: { error } } } }));
  expect(failure).toMatchObject({ code: "request/invalid", words: error.error, check: "Mend it." });
  expect(problemOf(failure, "client")).toBe("Must be a name.");
  expect(problemOf(failure, "replicas")).toBe("");
});

test("whatever else went wrong is that nobody answered, and shows nothing of itself", () => {
  expect(failureOf(new TypeError("secret internals"))).toMatchObject({ code: "", words: "Slipway does not answer." });
  expect(problemOf(null, "client")).toBe("");
});
