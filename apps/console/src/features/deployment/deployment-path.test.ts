import { expect, test } from "vitest";
import { pathOfDeployment, pathOfList, TABS, tabOf } from "./deployment-path.ts";

test("what goes without saying stays out of an address", () => {
  expect(pathOfDeployment({ group: "default", name: "iris" })).toBe("/deployments/iris");
  expect(pathOfDeployment({ group: "team-a", name: "iris" }, "history")).toBe(
    "/deployments/iris?group=team-a&tab=history",
  );
  expect(pathOfList("default")).toBe("/deployments");
  expect(pathOfList("*")).toBe("/deployments?group=*");
});

test("every tab is found again by its own address, and an unknown word is the overview", () => {
  for (const tab of TABS) {
    const { searchParams } = new URL(pathOfDeployment({ group: "g", name: "iris" }, tab), "http://localhost");
    expect(tabOf(searchParams.get("tab"))).toBe(tab);
  }
  expect(tabOf("nonsense")).toBe("overview");
});
