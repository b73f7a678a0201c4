import * as z from "zod";

/** How far the object is on its way to what was asked. */
export const lifecycle = z.enum([
  "Pending",
  "Deploying",
  "Live",
  "Updating",
  "Stopping",
  "Stopped",
  "ScaledToZero",
  "Deleting",
]);
export type Lifecycle = z.infer<typeof lifecycle>;

/** Whether what should be there is well. "The last update failed, the old version serves" is Live + Degraded. */
export const health = z.enum(["Healthy", "Degraded", "Failed", "Unknown"]);
export type Health = z.infer<typeof health>;

/** Whether requests reach it. `Partial`: fewer ready replicas than asked for. */
export const traffic = z.enum(["Serving", "Partial", "None"]);
export type Traffic = z.infer<typeof traffic>;

/** Kubernetes' form of a condition. */
export const condition = z.object({
  type: z.string(),
  status: z.enum(["True", "False", "Unknown"]),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: z.iso.datetime(),
});
export type Condition = z.infer<typeof condition>;

/** How many replicas are there, are on their way, and were asked for. */
export const replicaCounts = z.object({ ready: z.int(), starting: z.int(), wanted: z.int() });
export type ReplicaCounts = z.infer<typeof replicaCounts>;

/** One step of the way to Live; shown as a checklist. */
export const progressStep = z.object({
  name: z.enum(["placed", "fetched", "loaded", "routed"]),
  state: z.enum(["waiting", "running", "done", "failed"]),
  at: z.iso.datetime().nullable(),
});
export type ProgressStep = z.infer<typeof progressStep>;

/** One tensor of a model's signature, as Open Inference Protocol metadata states it; -1 = any size. */
export const tensorSignature = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });
export type TensorSignature = z.infer<typeof tensorSignature>;

/** The status of every kind; written by the scheduler alone. */
export const resourceStatus = z.object({
  observedGeneration: z.int(),
  lifecycle,
  health,
  traffic,
  /** A code of the error table when health is not Healthy; else null. */
  reason: z.string().nullable(),
  /** One sentence for people: the cause and what to do; empty when all is well. */
  message: z.string(),
  replicas: replicaCounts,
  conditions: z.array(condition).default([]),
  progress: z.array(progressStep).default([]),
  /** The generation whose model answers requests now; null when none does. */
  servingGeneration: z.int().nullable().default(null),
  signature: z
    .object({ inputs: z.array(tensorSignature), outputs: z.array(tensorSignature) })
    .nullable()
    .default(null),
  /** Whether its requests are joined into one run, and why not, or on whose word; null until it was loaded. */
  batching: z.object({ joined: z.boolean(), reason: z.string() }).nullable().default(null),
  /** Shapes, by input, of a generated request that the model answered when it was loaded; null in it: it answered none. */
  sample: z
    .object({ shapes: z.array(z.array(z.int())).nullable() })
    .nullable()
    .default(null),
  /** Only of a server: memory of its replicas together, in bytes. */
  memory: z.object({ capacityBytes: z.number(), usedBytes: z.number() }).nullable().default(null),
});
export type ResourceStatus = z.output<typeof resourceStatus>;

/** The status of an object that no scheduler has seen yet. */
export const PENDING_STATUS: ResourceStatus = {
  observedGeneration: 0,
  lifecycle: "Pending",
  health: "Unknown",
  traffic: "None",
  reason: null,
  message: "",
  replicas: { ready: 0, starting: 0, wanted: 0 },
  conditions: [],
  progress: [],
  servingGeneration: null,
  signature: null,
  batching: null,
  sample: null,
  memory: null,
};
