import { expect, test } from "vitest";
import { aModel, aServer } from "../testing/factories.ts";
import { Simulation } from "../testing/simulation.ts";

test("a Model that stands alone never claims traffic: no route leads to it", () => {
  const simulation = new Simulation();
  simulation.apply(aServer("onnx"));
  simulation.apply(aModel("bare"));
  simulation.settle();
  expect(simulation.world.statuses.get("bare")).toMatchObject({
    lifecycle: "Live",
    health: "Healthy",
    traffic: "None",
    message: expect.stringContaining("has no endpoint"),
  });
});
