import { expect, test } from "vitest";
import { groupChoices } from "./group-choices.ts";

const group = (name: string, deployments: number) => ({ name, deployments, models: 0, servers: 0 });

test("one can switch to every group that has something, to the default one, and to all at once", () => {
  expect(groupChoices([group("growth", 2), group("platform", 0)], "default")).toEqual([
    { group: "default", words: "default" },
    { group: "growth", words: "growth (2)" },
    { group: "platform", words: "platform" },
    { group: "*", words: "all groups" },
  ]);
});

test("the group that an address names can be seen even when it has nothing, and no group stands twice", () => {
  const names = (open: string) => groupChoices([group("default", 1)], open).map((choice) => choice.group);
  expect(names("new-team")).toEqual(["default", "new-team", "*"]);
  expect(names("default")).toEqual(["default", "*"]);
  expect(names("*")).toEqual(["default", "*"]);
});
