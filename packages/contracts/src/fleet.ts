import * as z from "zod";
import { groupName, name } from "./names.ts";
import { memoryQuantity } from "./quantity.ts";
import { explainView } from "./resource.ts";

/** A model that nobody has deployed yet, for the question where it would fit. */
export const fitQuestion = z.strictObject({
  group: groupName,
  memory: memoryQuantity.describe("What one replica takes, such as 200Mi or 2Gi"),
  format: z.string().min(1).max(63).default("onnx").describe("What a server must be able to load"),
  replicas: z.int().min(1).max(1_000).default(1).describe("How many replicas are to be placed"),
  server: name.exactOptional().describe("The only server that is asked about"),
});
export type FitQuestion = z.output<typeof fitQuestion>;

/** Where a model would be placed now, and why not elsewhere; never names another group's models. */
export const fitView = z.object({
  /** All replicas find a place. */
  fits: z.boolean(),
  /** The answer in one sentence. */
  summary: z.string(),
  neededBytes: z.number(),
  wanted: z.int(),
  /** How many replicas find a place. */
  placeable: z.int(),
  servers: explainView.shape.servers,
});
export type FitView = z.output<typeof fitView>;

export const gpuView = z.object({ name: z.string(), memoryBytes: z.number() });
export type GpuView = z.output<typeof gpuView>;

/** A model version on a replica. */
export const heldModelView = z.object({
  group: z.string(),
  /** The deployment that it belongs to; null for a model that stands alone. */
  deployment: z.string().nullable(),
  model: z.string(),
  /** `waiting` = the agent has not said anything of it yet; `leaving` = it is on its way off. */
  state: z.enum(["waiting", "fetching", "loading", "ready", "failed", "leaving"]),
  declaredBytes: z.number(),
  /** What loading it took, estimated; null when that is not known. */
  measuredBytes: z.number().nullable(),
});
export type HeldModelView = z.output<typeof heldModelView>;

/** One replica of a server: what it offers, what is promised of that and what is really used, and what it holds. */
export const serverReplicaView = z.object({
  replica: z.int(),
  state: z.enum(["ready", "draining", "unready"]),
  /** Why it takes no new model; empty when it does. */
  reason: z.string(),
  capabilities: z.array(z.string()),
  /** What it offers to models. */
  capacityBytes: z.number(),
  /** What its models declare together, those on their way included. */
  declaredBytes: z.number(),
  /** Of what it offers, what nothing is placed on. */
  freeBytes: z.number(),
  /** Resident memory of its model server; null when nothing was heard of it. */
  measuredBytes: z.number().nullable(),
  /** How often its model server crashed since its agent started. */
  crashes: z.int(),
  /** What its agent found; empty = none. */
  gpus: z.array(gpuView),
  models: z.array(heldModelView),
  /** Models of groups that were not asked for. */
  others: z.object({ count: z.int(), declaredBytes: z.number() }),
});
export type ServerReplicaView = z.output<typeof serverReplicaView>;

/** What a server consists of, as the leader knows it. */
export const serverReplicasView = z.object({
  uid: z.string(),
  group: z.string(),
  name: z.string(),
  replicas: z.array(serverReplicaView),
  /** In what it differs from what is asked for, a sentence each; empty when in nothing. */
  drift: z.array(z.string()),
});
export type ServerReplicasView = z.output<typeof serverReplicasView>;
