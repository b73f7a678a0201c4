import { expect, test } from "vitest";
import { withImpact } from "./field-impact.ts";

function impactOf(field: string, before: unknown, after: unknown): string {
  const [change] = withImpact("Deployment", [{ field, before, after }]);
  return change?.impact ?? "";
}

test("another model is loaded beside the old; its sample touches nothing", () => {
  expect(impactOf("spec.variants.0.model.uri", "file:/a", "file:/b")).toBe("reload");
  expect(impactOf("spec.variants.0.model.sha256", null, "a")).toBe("reload");
  expect(impactOf("spec.variants.0.model.sample.inputs", null, [])).toBe("none");
});

test("limits, access and replicas take effect while it serves; nothing left to serve is a stop", () => {
  expect(impactOf("spec.limits.timeout", "30s", "1m")).toBe("live");
  expect(impactOf("spec.access.visibility", "private", "public")).toBe("live");
  expect(impactOf("spec.scaling.replicas", 1, 3)).toBe("live");
  expect(impactOf("spec.scaling.replicas", 3, 0)).toBe("stops");
  expect(impactOf("spec.running", true, false)).toBe("stops");
  expect(impactOf("spec.running", false, true)).toBe("live");
});

test("more memory may move a model, less never does, and what is unsaid counts its default", () => {
  expect(impactOf("spec.resources.memory", "200Mi", "1Gi")).toBe("reload");
  expect(impactOf("spec.resources.memory", null, "129Mi")).toBe("reload");
  expect(impactOf("spec.resources.memory", "1Gi", null)).toBe("live");
});

test("words for people change nothing that runs", () => {
  expect(impactOf("metadata.title", null, "Iris")).toBe("none");
  expect(impactOf("metadata.labels.example.com/team", null, "growth")).toBe("none");
  expect(impactOf("spec.environment", "development", "production")).toBe("none");
});

test("a field without a rule is never called harmless", () => {
  expect(impactOf("spec.strategy", null, {})).toBe("reload");
});
