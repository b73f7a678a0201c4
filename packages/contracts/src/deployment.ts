import * as z from "zod";
import { defineKind } from "./kind.ts";
import { name } from "./names.ts";
import { durationBetween, memoryQuantity } from "./quantity.ts";

export const modelUri = z
  .string()
  .min(1)
  .max(2048)
  .regex(/^[a-z][a-z0-9+.-]*:/, "must be a URI such as file:/models/iris.onnx")
  .refine((uri) => !/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/.test(uri), "must not carry a user name or password")
  .describe("A file, or a folder with exactly one .onnx");

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits in lower case");

export const modelFormat = z.enum(["onnx"]);

/** Whether requests may be joined into one run. No default stands in a spec: what goes unsaid is auto. */
export const batchingMode = z.enum(["auto", "on", "off"]);

/** A real request that people can send to try the model: an Open Inference Protocol body. */
export const sampleRequest = z
  .strictObject({
    inputs: z.array(z.record(z.string(), z.unknown())).min(1).max(64),
    outputs: z.array(z.record(z.string(), z.unknown())).max(64).optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  })
  .refine((sample) => JSON.stringify(sample).length <= 65_536, "must be at most 65536 bytes as JSON");

/** A model of the registry: one version, whatever an alias stands for, or the latest one when it is written. */
export const registeredRef = z
  .strictObject({
    name: name.describe("Of a registered model of the same group"),
    version: z.int().min(1).max(2_147_483_647).optional().describe("Exactly this one"),
    alias: name.optional().describe("The version that it stands for; the deployment follows when it is moved"),
  })
  .refine(({ version, alias }) => version === undefined || alias === undefined, "must have version or alias, not both");
export type RegisteredRef = z.output<typeof registeredRef>;

const variantModel = z
  .strictObject({
    uri: modelUri.optional(),
    registered: registeredRef.optional().describe("Instead of a URI: a model of the registry"),
    format: modelFormat.default("onnx").describe("Decides which servers can load it"),
    sha256: sha256
      .optional()
      .describe("Of the file; of a folder, or a file with weights beside it: of the sorted list of path and hash"),
    sample: sampleRequest.optional().describe("A real request to try it with"),
    batching: batchingMode
      .optional()
      .describe(
        "Joins requests into one run: auto where the model's graph keeps their rows apart, on without proof, off never; auto if unsaid",
      ),
  })
  .superRefine(({ uri, registered, sha256: digest }, check) => {
    if (uri === undefined && registered === undefined) {
      check.addIssue({ code: "custom", path: ["uri"], message: "must be given, or registered instead" });
    } else if (uri !== undefined && registered !== undefined) {
      check.addIssue({ code: "custom", path: ["registered"], message: "must not stand beside uri" });
    }
    if (registered !== undefined && digest !== undefined) {
      check.addIssue({ code: "custom", path: ["sha256"], message: "must not stand beside registered" });
    }
  });

export const variant = z.strictObject({
  name: name.default("main").describe("Unique in the deployment"),
  model: variantModel,
});

/** What a person deploys: something with an endpoint of its own. */
export const Deployment = defineKind("Deployment", {
  spec: z.strictObject({
    type: z.literal("Regular").default("Regular").describe("One model behind one endpoint"),
    environment: z.enum(["development", "staging", "production"]).default("development"),
    description: z.string().max(2000).optional(),
    variants: z.array(variant).length(1, "must hold exactly one variant for type Regular"),
    resources: z
      .strictObject({
        memory: memoryQuantity
          .optional()
          .describe(
            "What one replica of the model takes; if unsaid 128Mi, or twice the file of a registered model if that is more",
          ),
      })
      .default({}),
    scaling: z
      .strictObject({ replicas: z.int().min(0).max(1000).default(1).describe("How many replicas of the model serve") })
      .prefault({}),
    access: z
      .strictObject({
        visibility: z.enum(["private", "public"]).default("private").describe("Private asks every caller for a token"),
      })
      .prefault({}),
    limits: z
      .strictObject({
        timeout: durationBetween("100ms", "10m").default("30s").describe("A request's deadline"),
        bodySize: memoryQuantity.default("20Mi").describe("The largest request body"),
        inFlightPerReplica: z
          .int()
          .min(1)
          .max(10_000)
          .default(64)
          .describe("Requests at once on one replica; more is a 429"),
        startTimeout: durationBetween("1s", "2h").default("5m").describe("How long a load may take"),
      })
      .prefault({}),
    running: z.boolean().default(true).describe("False stops it: no replica, and its memory is free"),
  }),
});
export type DeploymentSpec = z.output<typeof Deployment.spec>;

/** Blocks of ARCHITECTURE §2 that the spec grows into; each is refused by name until it is built. */
export const DEPLOYMENT_BLOCKS_NOT_BUILT: readonly string[] = [
  "spec.placement",
  "spec.strategy",
  "spec.mirror",
  "spec.loadBalancing",
  "spec.requestLog",
  "spec.access.cors",
  "spec.access.rateLimit",
  "spec.access.jwt",
  "spec.resources.cpu",
  "spec.resources.gpu",
  "spec.resources.storage",
  "spec.resources.networkBandwidth",
  "spec.scaling.min",
  "spec.scaling.max",
  "spec.scaling.target",
  "spec.scaling.scaleToZeroAfter",
  "spec.variants.*.weight",
  "spec.variants.*.role",
  "spec.variants.*.parameters",
  "spec.variants.*.env",
  "spec.variants.*.model.mlflow",
  "spec.variants.*.model.secret",
  "spec.variants.*.model.signature",
];
