import { expect, test } from "vitest";
import { pathOfDeploy, pathOfModel, pathOfModels, queryOf } from "./model-path.ts";

test("an address says only what does not go without saying", () => {
  expect(pathOfModels({ group: "default", search: "", after: "" })).toBe("/models");
  expect(pathOfModel({ group: "growth", name: "iris" })).toBe("/models/iris?group=growth");
  expect(pathOfDeploy({ group: "default", name: "iris" }, 2)).toBe("/deployments/-/new?model=iris&version=2");
  expect(queryOf({ search: ["a", "b"] })).toEqual({ group: "default", search: "a", after: "" });
});
