import { Deployment } from "@slipway/contracts";
import { withImpact } from "@slipway/domain";
import { expect, test } from "vitest";
import { modelVersion } from "../snapshot/model-version.ts";
import { compileChildren } from "./compile-child.ts";

const BASE = { variants: [{ model: { uri: "file:/models/iris.onnx" } }] };

/** The versions that a scheduler would load for a spec. */
function versionsOf(spec: object): string[] {
  const resource = { name: "iris", spec: Deployment.spec.parse({ ...BASE, ...spec }), resolution: {} };
  return compileChildren(resource).map((child) => modelVersion(child.spec));
}

const CASES: [field: string, value: unknown, spec: object][] = [
  ["spec.variants.0.model.uri", "file:/b", { variants: [{ model: { uri: "file:/b" } }] }],
  [
    "spec.variants.0.model.sha256",
    "a",
    { variants: [{ model: { uri: "file:/models/iris.onnx", sha256: "a".repeat(64) } }] },
  ],
  [
    "spec.variants.0.model.batching",
    "on",
    { variants: [{ model: { uri: "file:/models/iris.onnx", batching: "on" } }] },
  ],
  [
    "spec.variants.0.model.batching",
    "auto",
    { variants: [{ model: { uri: "file:/models/iris.onnx", batching: "auto" } }] },
  ],
  ["spec.environment", "production", { environment: "production" }],
  ["spec.description", "new", { description: "new" }],
  ["spec.scaling.replicas", 4, { scaling: { replicas: 4 } }],
  ["spec.access.visibility", "public", { access: { visibility: "public" } }],
  ["spec.limits.timeout", "1m", { limits: { timeout: "1m" } }],
  ["spec.limits.startTimeout", "1m", { limits: { startTimeout: "1m" } }],
  ["spec.limits.inFlightPerReplica", 4, { limits: { inFlightPerReplica: 4 } }],
  ["spec.limits.bodySize", "1Mi", { limits: { bodySize: "1Mi" } }],
];

test.each(CASES)(
  "what is said of %s is what the scheduler does: another version is loaded, or none",
  (field, after, spec) => {
    const [change] = withImpact("Deployment", [{ field, before: null, after }]);
    const isLoadedAnew = versionsOf(spec)[0] !== versionsOf({})[0];
    expect(change?.impact === "reload").toBe(isLoadedAnew);
  },
);
