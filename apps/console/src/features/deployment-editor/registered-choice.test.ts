import { Deployment } from "@slipway/contracts";
import { expect, test } from "vitest";
import {
  choiceOf,
  type RegisteredChoice,
  referenceOf,
  registeredChoice,
  registeredModel,
  withModel,
} from "./registered-choice.ts";

const CHOICES: RegisteredChoice[] = [{ name: "iris" }, { name: "iris", version: 3 }, { name: "iris", alias: "best" }];

test.each(CHOICES)("%o comes back from the manifest and from the list, and the API takes it", (choice) => {
  const model = registeredModel(choice);
  expect(registeredChoice(model)).toEqual(choice);
  expect(choiceOf("iris", referenceOf(choice))).toEqual(choice);
  expect(Deployment.spec.safeParse({ variants: [{ model }] }).success).toBe(true);
});

test("a model that is named by its address is none of the registry", () => {
  expect(registeredChoice({ uri: "file:///a.onnx" })).toBeNull();
  expect(registeredChoice(undefined)).toBeNull();
});

test("another version of the same model keeps what is said beside it, another model does not", () => {
  const manifest = (model: object) => ({ spec: { variants: [{ name: "main", model }], scaling: { replicas: 2 } } });
  const before = manifest({ registered: { name: "iris", alias: "live" }, format: "onnx" });
  expect(withModel(before, { name: "iris", version: 3 })).toEqual(
    manifest({ registered: { name: "iris", version: 3 }, format: "onnx" }),
  );
  const byUri = manifest({ uri: "file:/iris.onnx", sha256: "a" });
  expect(withModel(byUri, { name: "rose", version: 1 })).toEqual(
    manifest({ registered: { name: "rose", version: 1 } }),
  );
});
