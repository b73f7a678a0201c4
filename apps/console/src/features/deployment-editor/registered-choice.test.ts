import { Deployment } from "@slipway/contracts";
import { expect, test } from "vitest";
import {
  choiceOf,
  type RegisteredChoice,
  referenceOf,
  registeredChoice,
  registeredModel,
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
