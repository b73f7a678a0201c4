import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CHECKOUT } from "../config.ts";

/** What a new data directory serves at once, so that there is something to look at and to call. */
export const DEMOS = [
  { name: "iris", title: "Iris classifier", folder: "iris", description: "Species of an iris from four measurements" },
  {
    name: "breast-cancer",
    title: "Breast cancer classifier",
    folder: "breast-cancer",
    description: "Malignant or benign from thirty measurements of a cell nucleus",
  },
] as const;

/** The server that models are placed on when nobody said anything about servers. */
export const DEFAULT_SERVER = {
  apiVersion: "slipway.dev/v1",
  kind: "Server",
  metadata: { name: "onnx", group: "platform", title: "Shared ONNX server" },
  spec: { replicas: 1 },
} as const;

function demoManifest({ name, title, folder, description }: (typeof DEMOS)[number]) {
  const path = join(CHECKOUT, "examples", "models", folder);
  const sample: unknown = JSON.parse(readFileSync(join(path, "sample.json"), "utf8"));
  return {
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: { name, title, labels: { demo: "true" } },
    spec: {
      description,
      variants: [{ model: { uri: pathToFileURL(join(path, "model.onnx")).href, format: "onnx", sample } }],
    },
  };
}

/** The manifests of the demos whose models are there; JSON is YAML too. */
export function demoManifests(): string[] {
  const present = DEMOS.filter(({ folder }) => existsSync(join(CHECKOUT, "examples", "models", folder, "model.onnx")));
  return present.map((demo) => JSON.stringify(demoManifest(demo)));
}
