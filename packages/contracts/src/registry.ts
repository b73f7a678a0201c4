import * as z from "zod";
import { modelFormat } from "./deployment.ts";
import { name } from "./names.ts";
import { tensorSignature } from "./status.ts";

/** The largest model that an upload takes unless the platform says otherwise. */
export const MODEL_MAX_BYTES = 2 * 1024 ** 3;

/** How a registered model stands in the audit and in the change feed; it is no resource that a manifest makes. */
export const REGISTERED_MODEL = "RegisteredModel";

/** The scheme of a registered model's location: `registry:sha256/<digest>`. Only the platform writes it. */
export const REGISTRY_SCHEME = "registry";

/** Where replicas find the bytes of a registered version, wherever the registry keeps them. */
export function registryUri(sha256: string): string {
  return `${REGISTRY_SCHEME}:sha256/${sha256}`;
}

/** Where a digest's bytes lie below the registry's folder; whoever writes and whoever reads them follow it. */
export function registryPath(sha256: string): string {
  return `sha256/${sha256.slice(0, 2)}/${sha256}.onnx`;
}

/** Where the console's process gives other processes of the platform the bytes under a digest, which follows. */
export const REGISTRY_DOWNLOAD_PATH = "/internal/registry/sha256/";

/** The digest in such a location; null for any other one. */
export function registryDigest(uri: string): string | null {
  return /^registry:sha256\/([0-9a-f]{64})$/.exec(uri)?.[1] ?? null;
}

export const modelName = name;
export const modelAlias = name;
export const modelVersionNumber = z.int().min(1).max(2_147_483_647);

/** What a variant's reference to a registered model stands for, fixed when its deployment was written. */
export const resolvedModel = z.object({
  registered: z.object({ name: z.string(), version: z.int(), alias: z.string().nullable() }),
  uri: z.string(),
  sha256: z.string(),
});
export type ResolvedModel = z.output<typeof resolvedModel>;

/** By variant. */
export const resolution = z.record(z.string(), resolvedModel);
export type Resolution = z.output<typeof resolution>;

export const modelSignature = z.object({ inputs: z.array(tensorSignature), outputs: z.array(tensorSignature) });
export type ModelSignature = z.output<typeof modelSignature>;

/** A request to try a model with, and where it comes from: a generated one's values mean nothing. */
export const modelSample = z.object({
  request: z.record(z.string(), z.unknown()),
  origin: z.enum(["artifact", "given", "generated"]),
});
export type ModelSample = z.output<typeof modelSample>;

const deploymentKey = z.object({ group: z.string(), name: z.string() });

/** One version of a registered model. */
export const modelVersionView = z.object({
  model: z.string(),
  group: z.string(),
  version: z.int(),
  format: modelFormat,
  sha256: z.string(),
  sizeBytes: z.number(),
  filename: z.string(),
  description: z.string(),
  signature: modelSignature.nullable(),
  sample: modelSample.nullable(),
  aliases: z.array(z.string()),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  /** Deployments that stand for it now. */
  deployedIn: z.array(deploymentKey),
});
export type ModelVersionView = z.output<typeof modelVersionView>;

/** A registered model without its versions. */
export const registeredModelView = z.object({
  name: z.string(),
  group: z.string(),
  description: z.string(),
  /** Which version each alias stands for. */
  aliases: z.record(z.string(), z.int()),
  /** The version with the highest number; null when all were deleted. */
  latestVersion: z.int().nullable(),
  versionCount: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  deployedIn: z.array(deploymentKey.extend({ version: z.int() })),
});
export type RegisteredModelView = z.output<typeof registeredModelView>;

/** What can be said of a model before it is deployed from its URI. */
export const modelInspection = z.object({
  uri: z.string(),
  isReachable: z.boolean(),
  /** Why it could not be served, in words; null when nothing speaks against it. */
  problem: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  /** Of all that is loaded; null when that is too large to be read while somebody waits. */
  sha256: z.string().nullable(),
  format: modelFormat.nullable(),
  signature: modelSignature.nullable(),
});
export type ModelInspection = z.output<typeof modelInspection>;
