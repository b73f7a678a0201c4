import { PENDING_STATUS, type ResourceView } from "@slipway/contracts";
import { expect, test } from "vitest";
import {
  batchingSentence,
  deploymentDetails,
  noSampleSentence,
  servingSentence,
  statusSentence,
} from "./deployment-details.ts";

function view(spec: Record<string, unknown>, status: Partial<ResourceView["status"]>): ResourceView {
  return {
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: {
      name: "iris",
      group: "default",
      labels: {},
      annotations: {},
      uid: "u",
      generation: 3,
      version: 7,
      owner: null,
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-01-01T00:00:00.000Z",
      deletedAt: null,
    },
    spec,
    status: { ...PENDING_STATUS, ...status },
  };
}

test("what the spec leaves out is what the platform takes for it", () => {
  expect(deploymentDetails(view({}, {}))).toMatchObject({ replicasAsked: 1, isRunning: true, memory: "" });
});

test("a stopped deployment keeps the number of replicas that it will start with", () => {
  const details = deploymentDetails(view({ running: false, scaling: { replicas: 4 } }, { lifecycle: "Stopped" }));
  expect(details).toMatchObject({ replicasAsked: 4, isRunning: false });
  expect(statusSentence(details)).toContain("Start it to serve again.");
});

test("the platform's own cause comes before any other sentence, and begins like one", () => {
  const details = deploymentDetails(view({}, { lifecycle: "Live", message: "no server fits" }));
  expect(statusSentence(details)).toBe("No server fits");
  const message = "file:/nowhere/model.onnx lies elsewhere";
  expect(statusSentence(deploymentDetails(view({}, { message })))).toBe(message);
});

test("it is said which revision answers only while that is not the newest", () => {
  const sentence = (servingGeneration: number | null) =>
    servingSentence(deploymentDetails(view({}, { servingGeneration })));
  expect(sentence(2)).toBe("Revision 2 answers until revision 3 is ready.");
  expect(sentence(3)).toBe("");
  expect(sentence(null)).toBe("");
});

test("a request to try it with is asked for only once there can be one", () => {
  const signature = { inputs: [], outputs: [] };
  expect(deploymentDetails(view({}, {})).hasSample).toBe(false);
  expect(deploymentDetails(view({}, { signature })).hasSample).toBe(true);
  const own = { variants: [{ model: { uri: "file:///m.onnx", sample: { inputs: [] } } }] };
  expect(deploymentDetails(view(own, {})).hasSample).toBe(true);
});

test("whether requests run as one is said with its reason, and on whose word", () => {
  const reason = "Softmax (y) works across the rows";
  expect(batchingSentence({ joined: false, reason })).toBe(`Run one by one: ${reason}`);
  expect(batchingSentence({ joined: true, reason: "" })).toBe("Run as one where they arrive together");
  expect(batchingSentence({ joined: true, reason: "the manifest says batching: on" })).toContain("on");
  expect(deploymentDetails(view({}, {})).batching).toBeNull();
});

test("a model that answered no generated request has no sample, unless the manifest gives one", () => {
  const signature = { inputs: [], outputs: [] };
  const refused = { signature, sample: { shapes: null } };
  expect(deploymentDetails(view({}, { signature })).hasSample).toBe(true);
  expect(deploymentDetails(view({}, { signature, sample: { shapes: [[1, 8]] } })).hasSample).toBe(true);
  expect(deploymentDetails(view({}, refused)).hasSample).toBe(false);
  expect(noSampleSentence(deploymentDetails(view({}, refused)))).toContain("model.sample");
  expect(noSampleSentence(deploymentDetails(view({}, {})))).toContain("when the model is loaded");
  expect(deploymentDetails(view({ variants: [{ model: { sample: {} } }] }, refused)).hasSample).toBe(true);
});
