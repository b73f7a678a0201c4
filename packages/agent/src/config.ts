import { type ConfigOf, count, port, setting } from "@slipway/service-kit";
import * as z from "zod";

const name = z.string().min(1).max(63);
const path = z.string().min(1);
const list = (separator: string) =>
  z
    .string()
    .default("")
    .transform((text) => text.split(separator).filter((part) => part !== ""));

/** Every setting of an agent, and the only place that names its environment variables. */
export const agentSettings = {
  group: setting("SLIPWAY_AGENT_GROUP", name, "Group of the server whose replica this is"),
  server: setting("SLIPWAY_AGENT_SERVER", name, "Name of the server whose replica this is"),
  replica: setting("SLIPWAY_AGENT_REPLICA", count, "Index of the replica, from 0"),
  runtime: setting("SLIPWAY_AGENT_RUNTIME", z.enum(["onnx"]), "Which model server it runs"),
  capabilities: setting("SLIPWAY_AGENT_CAPABILITIES", list(","), "What the model server can load, joined by commas"),
  memoryBytes: setting("SLIPWAY_AGENT_MEMORY_BYTES", count, "Memory that the replica offers to models", "bytes"),
  stateDir: setting("SLIPWAY_AGENT_STATE_DIR", path, "Folder for the artifact cache and the last good assignment"),
  logDir: setting("SLIPWAY_AGENT_LOG_DIR", path, "Folder for the model server's log"),
  schedulerAddresses: setting(
    "SLIPWAY_SCHEDULER_ADDRESSES",
    list(",").refine((addresses) => addresses.length > 0, "must name at least one"),
    "host:port of every scheduler, joined by commas",
  ),
  modelRoots: setting(
    "SLIPWAY_MODEL_ROOTS",
    list(":"),
    "Folders that artifacts may be read from, joined by colons; one with `!` before it is left out of the others",
  ),
  registryDir: setting(
    "SLIPWAY_REGISTRY_DIR",
    path.optional(),
    "Folder of the model registry, where registered models are looked for first; unset = they are downloaded",
  ),
  registryUrl: setting(
    "SLIPWAY_REGISTRY_URL",
    z.url({ protocol: /^https?$/ }).optional(),
    "Base URL of the console, where registered models are downloaded that lie in no folder here; unset = none are",
  ),
  supervisorRecord: setting(
    "SLIPWAY_SUPERVISOR_RECORD",
    path.optional(),
    "File that names the supervisor's process; the agent ends when that has been gone for a while. Unset = never",
  ),
  orphanGraceMs: setting(
    "SLIPWAY_AGENT_ORPHAN_GRACE",
    z.coerce.number().int().min(0).max(86_400_000).default(60_000),
    "How long to wait for another supervisor before the replica ends itself",
    "ms",
  ),
  cacheBytes: setting(
    "SLIPWAY_AGENT_CACHE_BYTES",
    z.coerce
      .number()
      .int()
      .min(1)
      .default(20 * 2 ** 30),
    "What cached artifacts may take on disk together; a larger artifact is refused",
    "bytes",
  ),
  parallelFetches: setting(
    "SLIPWAY_AGENT_PARALLEL_FETCHES",
    z.coerce.number().int().min(1).max(64).default(4),
    "Artifacts fetched at once",
  ),
  parallelLoads: setting(
    "SLIPWAY_AGENT_PARALLEL_LOADS",
    z.coerce.number().int().min(1).max(64).default(4),
    "Models loaded at once; each load takes place in a process of its own, so one that hangs holds up no other",
  ),
  hungAfterMs: setting(
    "SLIPWAY_AGENT_HUNG_AFTER",
    z.coerce.number().int().min(1_000).max(3_600_000).default(30_000),
    "How long a model server may leave its health check unanswered before it is ended and started again",
    "ms",
  ),
  modelServerEntry: setting(
    "SLIPWAY_AGENT_MODEL_SERVER",
    path.optional(),
    "Main file of the model server's program; unset = the one that comes with this agent",
  ),
  internalSecretFile: setting(
    "SLIPWAY_INTERNAL_SECRET_FILE",
    path,
    "File with the secret that the platform's processes show each other",
  ),
  processName: setting(
    "SLIPWAY_PROCESS_NAME",
    z.string().optional(),
    "Name of this process's record, e.g. agent-onnx-0",
  ),
  processRecordDir: setting(
    "SLIPWAY_PROCESS_RECORD_DIR",
    path.optional(),
    "Folder of process records; unset = inside the state folder",
  ),
  healthPort: setting("SLIPWAY_HEALTH_PORT", port.default(0), "Port for metrics and health; 0 = any free one"),
  logLevel: setting("SLIPWAY_LOG_LEVEL", z.enum(["debug", "info", "warn", "error"]).default("info"), "What is logged"),
};
export type AgentConfig = ConfigOf<typeof agentSettings>;
