import * as z from "zod";
import { batchingMode, modelFormat, modelUri, sha256 } from "./deployment.ts";
import { defineKind } from "./kind.ts";
import { name } from "./names.ts";
import { durationBetween, memoryQuantity } from "./quantity.ts";

/** One model version to be held by replicas of a server. A deployment compiles to these; they may also stand alone. */
export const Model = defineKind("Model", {
  spec: z.strictObject({
    storageUri: modelUri,
    format: modelFormat.default("onnx"),
    sha256: sha256.optional().describe("Replicas load by this digest; a mismatch fails"),
    server: name.optional().describe("The only server that it may be placed on"),
    memory: memoryQuantity.optional().describe("What one replica takes; 128Mi if unsaid"),
    replicas: z.int().min(0).max(1000).default(1),
    startTimeout: durationBetween("1s", "2h").default("5m"),
    batching: batchingMode.optional().describe("Whether requests may be joined into one run; auto if unsaid"),
  }),
});
export type ModelSpec = z.output<typeof Model.spec>;
