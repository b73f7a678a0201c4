import { PENDING_STATUS, parseManifest, type ResourceView } from "@slipway/contracts";
import { API_VERSION } from "@slipway/contracts/manifest-value";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  cloneOf,
  emptyManifest,
  fieldAt,
  fieldText,
  labelsText,
  manifestOf,
  PATHS,
  typedLabels,
  typedNumber,
  typedText,
} from "./form-fields.ts";
import { changesBetween, getIn, setIn, type Tree } from "./manifest-value.ts";

const IRIS: ResourceView = {
  apiVersion: API_VERSION,
  kind: "Deployment",
  metadata: {
    name: "iris",
    group: "default",
    title: "Iris",
    labels: { team: "growth" },
    annotations: { "example.com/tool": "kept" },
    uid: "01981b2f-7f2e-7c3a-8f64-0d9a4f0f2b11",
    generation: 3,
    version: 7,
    owner: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    deletedAt: null,
  },
  spec: { variants: [{ name: "main", model: { uri: "file:///a.onnx", format: "onnx" } }], running: false },
  status: PENDING_STATUS,
};

test("typing into any field changes that field of the manifest and nothing else, whatever else it holds", () => {
  const names = ["title", "description", "memory", "timeout", "bodySize", "startTimeout"] as const;
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.string({ minLength: 1 }), (name, text) => {
      const before = setIn(manifestOf(IRIS), ["spec", "unknownToTheForm"], { kept: true });
      const after = setIn(before, PATHS[name], typedText(text));
      expect(fieldText(after, name, "")).toBe(text);
      for (const change of changesBetween(before, after)) expect(change.path).toEqual(PATHS[name]);
      expect(getIn(after, ["spec", "unknownToTheForm", "kept"])).toBe(true);
    }),
  );
});

test("a field that is emptied is not said any more, and shows what counts then", () => {
  const after = setIn(manifestOf(IRIS), PATHS.title, typedText(""));
  expect(getIn(after, PATHS.title)).toBeUndefined();
  expect(fieldText(after, "timeout", "30s")).toBe("30s");
});

test("a number that is typed is a number, and anything else is left for the API to refuse", () => {
  expect([typedNumber(" 3 "), typedNumber("0"), typedNumber("-1"), typedNumber("two"), typedNumber("")]).toEqual([
    3,
    0,
    -1,
    "two",
    undefined,
  ]);
});

test("labels come back as they were written", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9./-]{0,10}$/);
  fc.assert(
    fc.property(fc.dictionary(word, word, { minKeys: 1, maxKeys: 4 }), (labels) => {
      expect(typedLabels(labelsText(labels))).toEqual(labels);
    }),
  );
  expect(typedLabels(" , ")).toBeUndefined();
  expect(typedLabels("urgent, team = growth")).toEqual({ urgent: "", team: "growth" });
});

test("each problem of the API's finds its field, and one that the form has no field for is not lost on another", () => {
  expect(fieldAt("spec.scaling.replicas")).toBe("replicas");
  expect(fieldAt("metadata.labels.example.com/team")).toBe("labels");
  expect(fieldAt("spec.variants.0.model.sha256")).toBe("modelUri");
  expect(fieldAt("spec.variants")).toBe("modelUri");
  expect(fieldAt("spec.strategy")).toBeNull();
  const empty = parseManifest(emptyManifest("default"));
  const fields = empty.ok ? [] : empty.problems.list().map(({ field }) => fieldAt(field));
  expect([...new Set(fields)].sort()).toEqual(["modelUri", "name"]);
});

test("a clone takes all but what names the other one, and runs even if that is stopped", () => {
  const clone: Tree = cloneOf(IRIS);
  expect(clone).toMatchObject({ metadata: { name: "", group: "default", labels: { team: "growth" } } });
  expect(getIn(clone, PATHS.title)).toBeUndefined();
  expect(getIn(clone, ["spec", "running"])).toBeUndefined();
});
