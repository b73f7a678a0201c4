import { PENDING_STATUS, type ResourceStatus, type ResourceView } from "@slipway/contracts";
import { expect, test } from "vitest";
import { judgeProgress } from "./judge-progress.ts";

function view(status: Partial<ResourceStatus>): ResourceView {
  return {
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: {
      name: "iris",
      group: "default",
      labels: {},
      annotations: {},
      uid: "u",
      generation: 2,
      version: 2,
      owner: null,
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-01-01T00:00:00.000Z",
      deletedAt: null,
    },
    spec: {},
    status: { ...PENDING_STATUS, observedGeneration: 2, ...status },
  };
}

test("a status that speaks of an older generation decides nothing", () => {
  const old = view({ observedGeneration: 1, lifecycle: "Live", health: "Healthy" });
  expect(judgeProgress(old, "live").verdict).toBe("waiting");
  expect(judgeProgress(view({ observedGeneration: 1, health: "Failed" }), "live").verdict).toBe("waiting");
  expect(judgeProgress(view({ observedGeneration: 1, lifecycle: "Stopped" }), "stopped").verdict).toBe("waiting");
});

test("live means that the newest generation serves", () => {
  const live = { lifecycle: "Live", health: "Healthy" } as const;
  expect(judgeProgress(view({ ...live, servingGeneration: 2 }), "live").verdict).toBe("reached");
  expect(judgeProgress(view({ ...live, servingGeneration: 1 }), "live").verdict).toBe("waiting");
});

test("a failure ends the wait with its sentence", () => {
  const failed = view({ lifecycle: "Deploying", health: "Failed", message: "There is no model at file:///x." });
  expect(judgeProgress(failed, "live")).toEqual({ verdict: "failed", words: "There is no model at file:///x." });
});

test("a failed update has failed although the old version serves, and both are said", () => {
  const degraded = view({
    lifecycle: "Live",
    health: "Degraded",
    servingGeneration: 1,
    message: "The last update failed.",
  });
  expect(judgeProgress(degraded, "live")).toEqual({
    verdict: "failed",
    words: "The last update failed. Revision 1 serves on.",
  });
});

test("waiting says the step that runs and the cause", () => {
  const waiting = view({
    lifecycle: "Deploying",
    replicas: { ready: 0, starting: 1, wanted: 1 },
    progress: [{ name: "loaded", state: "running", at: null }],
  });
  expect(judgeProgress(waiting, "live").words).toBe(
    'Deploying, Unknown, 0/1 (1 starting) ready: step "loaded" running',
  );
});
