import * as z from "zod";

/** Windows that counts are kept in, the finest first, and for how long. */
export const METRIC_STEPS = [
  { seconds: 10, keepMs: 6 * 3_600_000 },
  { seconds: 60, keepMs: 3 * 86_400_000 },
  { seconds: 600, keepMs: 90 * 86_400_000 },
] as const;

/** Gateways tell of a window at most this long after it ended, unless no recorder can be reached. */
export const REPORTED_WITHIN_MS = 6_000;
/** What one chart holds at most. */
export const METRIC_POINTS_LIMIT = 500;
/** Deployments whose rates are asked for by uid at once. */
export const RATES_LIMIT = 1_000;
/** Requests whose client went away before the answer stand under this in `codes`. */
export const ABORTED = "aborted";

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const latencies = {
  p50Ms: z.number().nullable().describe("Half of the requests took no longer; right to 5 %; null without requests"),
  p95Ms: z.number().nullable().describe("95 % of the requests took no longer"),
  p99Ms: z.number().nullable().describe("99 % of the requests took no longer"),
};

export const metricPoint = z.object({
  at: z.iso.datetime().describe("Where the point begins; it lasts stepSeconds"),
  requests: count.describe("Requests that ended in it"),
  requestsPerSecond: z.number().min(0),
  success: share.nullable().describe("Share of all requests that were answered with 2xx; null without requests"),
  codes: z
    .record(z.string(), count)
    .describe("Requests by status; `aborted` = the client went away first; a gRPC status counts as its HTTP twin"),
  ...latencies,
  inFlight: count.nullable().describe("The most requests at once that one gateway had in flight"),
  replicasReady: count.nullable().describe("The fewest that were ready; null when nobody looked"),
  replicasWanted: count.nullable().describe("The most that were wanted"),
  cpuCores: z
    .number()
    .min(0)
    .nullable()
    .describe("Cores used by the model servers that hold the deployment, together with all other models they hold"),
  memoryBytes: count
    .nullable()
    .describe("Memory of its models on all replicas, as measured when they were loaded; null when not measured"),
});
export type MetricPoint = z.output<typeof metricPoint>;

/** A change of the deployment, to be drawn into its charts. */
export const metricMarker = z.object({
  at: z.iso.datetime(),
  kind: z.enum(["deploy", "scale", "rollback", "stop", "start"]),
  generation: z.int().min(1),
  actor: z.string(),
  message: z.string(),
});
export type MetricMarker = z.output<typeof metricMarker>;

/** What a deployment did over a range of time. */
export const deploymentMetrics = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  stepSeconds: z.int().min(10),
  points: z.array(metricPoint).max(METRIC_POINTS_LIMIT),
  markers: z.array(metricMarker),
  summary: z.object({
    requests: count,
    requestsPerSecond: z.number().min(0),
    success: share.nullable(),
    ...latencies,
  }),
});
export type DeploymentMetrics = z.output<typeof deploymentMetrics>;

/** The last minute of a deployment, up to `at`. */
export const deploymentRate = z.object({
  uid: z.string(),
  requestsPerSecond: z.number().min(0),
  p95Ms: z.number().nullable(),
  serverErrorRate: share.nullable().describe("Share of answers with status 500 and above; null without answers"),
  at: z.iso.datetime(),
});
export type DeploymentRate = z.output<typeof deploymentRate>;
