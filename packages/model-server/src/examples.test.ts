import { readFileSync } from "node:fs";
import { parseManifests } from "@slipway/contracts";
import { expect, test } from "vitest";
import { EXAMPLE_MODELS, examplePath, readSample } from "./testing/example-models.ts";

test.each(EXAMPLE_MODELS)("the manifest of example %s is accepted, and its sample is the one beside it", (name) => {
  const [parsed] = parseManifests(readFileSync(`${examplePath(name)}/manifest.yaml`, "utf8"));
  expect(parsed?.manifest).toMatchObject({
    kind: "Deployment",
    metadata: { name },
    spec: { variants: [{ model: { sample: JSON.parse(readSample(name)) } }] },
  });
});
