import * as z from "zod";
import { modelMetadata } from "./signature.ts";

/** Whether a model's requests may be joined: by what its graph shows, or by its owner's word. */
export const batchingWish = z.enum(["auto", "on", "off"]);
export type BatchingWish = z.output<typeof batchingWish>;

/** `parameters` of the repository's load call. */
export const loadParameters = z.object({
  /** Under which version the model is held; several versions of one name can be held together. */
  version: z.string().min(1).max(128).default("1"),
  /** A local .onnx file, or a folder that holds exactly one. */
  path: z.string().min(1).max(4096),
  /** Memory that the model is declared to take, in bytes; comes back beside what is measured. */
  memory_bytes: z.int().min(0).optional(),
  /** A request that the model accepts, as an object or as JSON text; its rows serve as probes. */
  sample: z.union([z.record(z.string(), z.unknown()), z.string().max(65_536)]).optional(),
  /** `on` joins requests without proof that rows do not touch each other, `off` never joins any. */
  batching: batchingWish.optional(),
});
export type LoadParameters = z.input<typeof loadParameters>;

/** What a load answers. */
export const loadedModel = modelMetadata.extend({
  version: z.string(),
  /** A request that the model has answered: the one given at the load, else one made from the signature; null = none. */
  sample: z.record(z.string(), z.unknown()).nullable(),
  /** Where its runs happen: on the serving thread, or on a worker. */
  place: z.enum(["inline", "worker"]),
  /** One run of the sample, measured at the load, in milliseconds; null when it could not be run. */
  run_ms: z.number().nullable(),
  load_ms: z.number(),
  /** Memory that the load said the model takes, in bytes; null when it said nothing. */
  declared_bytes: z.number().nullable(),
  /** Memory that the load took, estimated, in bytes. */
  measured_bytes: z.number(),
  /** Whether requests are joined; the reason says why not, or that the owner says so. Empty where the graph shows it. */
  batching: z.object({ proven: z.boolean(), reason: z.string() }),
});
export type LoadedModelView = z.output<typeof loadedModel>;

export const repositoryEntry = z.object({
  name: z.string(),
  version: z.string().optional(),
  state: z.string(),
  reason: z.string().default(""),
  /** Code of the error table, and its data, of a version that is held and does not serve. */
  code: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
export type RepositoryEntry = z.output<typeof repositoryEntry>;
export const repositoryIndex = z.array(repositoryEntry);
