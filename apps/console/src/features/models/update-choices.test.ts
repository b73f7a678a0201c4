import { expect, test } from "vitest";
import { updateChoices } from "./update-choices.ts";

test("deployments with another version come first with the one that they have; what has this one is left out", () => {
  const deployedIn = [
    { group: "default", name: "old", version: 1 },
    { group: "default", name: "same", version: 2 },
    { group: "elsewhere", name: "old", version: 2 },
  ];
  expect(updateChoices({ group: "default", deployedIn }, 2, ["old", "same", "unlike"])).toEqual({
    withThisModel: [{ name: "old", has: "version 1 now" }],
    others: [{ name: "unlike", has: "" }],
  });
});
