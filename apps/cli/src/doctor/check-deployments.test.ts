import { SlipwayError } from "@slipway/contracts";
import { expect, test } from "vitest";
import { describeDeployments } from "./check-deployments.ts";

test("doctor names each deployment that does not serve, with its cause: one whose model hangs is ill", () => {
  const { message } = new SlipwayError("model/hung", { runs: 3 });
  const [hung, degraded] = describeDeployments([
    { group: "default", name: "loop", health: "Failed", message },
    { group: "team", name: "iris", health: "Degraded", message: "1 of 2 replicas serve" },
  ]);
  expect(hung).toMatchObject({ state: "ill", words: `default/loop is Failed: ${message}` });
  expect(degraded).toMatchObject({ state: "warning", words: "team/iris is Degraded: 1 of 2 replicas serve" });
});

test("doctor says so when every deployment serves, and does not bury a machine's faults under hundreds of them", () => {
  expect(describeDeployments([])).toMatchObject([{ state: "well" }]);
  const many = Array.from({ length: 300 }, (_, n) => ({
    group: "g",
    name: `d${n}`,
    health: "Failed" as const,
    message: "",
  }));
  const findings = describeDeployments(many);
  expect(findings).toHaveLength(11);
  expect(findings.at(-1)?.words).toBe("290 more");
});
