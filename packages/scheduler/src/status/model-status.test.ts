import { expect, test } from "vitest";
import type { ModelFacts } from "../snapshot/types.ts";
import { aModel, aServer } from "../testing/factories.ts";
import { Simulation } from "../testing/simulation.ts";
import { batchingOf, sampleOf, signatureOf } from "./model-status.ts";

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

test("a status says whether requests are joined and why not, as the load found it, and nothing of an older report", () => {
  const facts: Pick<ModelFacts, "signatureJson"> = {
    signatureJson: JSON.stringify({
      inputs: [],
      outputs: [],
      batching: { proven: false, reason: "Softmax (y) works across the rows" },
    }),
  };
  expect(batchingOf(facts)).toEqual({ joined: false, reason: "Softmax (y) works across the rows" });
  expect(signatureOf(facts)).toEqual({ inputs: [], outputs: [] });
  expect(sampleOf(facts)).toBeNull();
  const refused = JSON.stringify({ sample: { shapes: null } });
  expect(sampleOf({ signatureJson: refused })).toEqual({ shapes: null });
  expect(batchingOf({ signatureJson: JSON.stringify({ inputs: [], outputs: [] }) })).toBeNull();
});
