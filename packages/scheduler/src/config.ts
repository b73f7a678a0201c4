import { DEFAULT_LOG_LIMITS } from "@slipway/fleet";
import { diskReserve, port, setting } from "@slipway/service-kit";
import * as z from "zod";

const list = (separator: string) =>
  z.string().transform((text) =>
    text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

/** All settings of the scheduler process. */
export const SCHEDULER_SETTINGS = {
  databaseUrl: setting("DATABASE_URL", z.string().min(1), "PostgreSQL that keeps desired state"),
  schedulerId: setting(
    "SLIPWAY_SCHEDULER_ID",
    z.string().min(1).max(63).default("scheduler"),
    "Name of this scheduler among all; unique",
  ),
  controlPort: setting(
    "SLIPWAY_SCHEDULER_CONTROL_PORT",
    port.default(0),
    "Port of the control streams on 127.0.0.1; 0 = any",
  ),
  schedulerAddresses: setting(
    "SLIPWAY_SCHEDULER_ADDRESSES",
    list(",").default([]),
    "host:port of every scheduler, given on to agents; unsaid = this one",
  ),
  internalSecretFile: setting(
    "SLIPWAY_INTERNAL_SECRET_FILE",
    z.string().min(1),
    "File with the secret that the platform's processes show each other",
  ),
  dataDir: setting("SLIPWAY_DATA_DIR", z.string().min(1), "Folder of the local fleet's records, logs and agents"),
  modelRoots: setting(
    "SLIPWAY_MODEL_ROOTS",
    list(":").default([]),
    "Absolute folders that file: artifacts may be read from, with colons; given on to agents; one with `!` before it is left out of the others",
  ),
  registryDir: setting(
    "SLIPWAY_REGISTRY_DIR",
    z.string().optional(),
    "Folder of the model registry, given on to agents of this machine; unset = they download registered models",
  ),
  registryUrl: setting(
    "SLIPWAY_REGISTRY_URL",
    z.url({ protocol: /^https?$/ }).optional(),
    "Base URL of the console, where agents download registered models; given on to agents",
  ),
  supervisorRecord: setting(
    "SLIPWAY_SUPERVISOR_RECORD",
    z.string().optional(),
    "File that names the supervisor's process; given on to agents",
  ),
  logKeepDays: setting(
    "SLIPWAY_LOG_KEEP_DAYS",
    z.coerce.number().min(0.01).max(3_650).default(14),
    "How long lines of replicas are kept",
    "days",
  ),
  logKeepBytes: setting(
    "SLIPWAY_LOG_KEEP_BYTES",
    z.coerce.number().int().min(1_048_576).max(68_719_476_736).default(DEFAULT_LOG_LIMITS.totalBytes),
    "How much is kept of one process's log, the newest",
    "bytes",
  ),
  diskReserve,
  healthPort: setting("SLIPWAY_HEALTH_PORT", port.default(0), "Port of /metrics and /health on 127.0.0.1; 0 = any"),
  processName: setting("SLIPWAY_PROCESS_NAME", z.string().optional(), "Name in the process record"),
  processRecordDir: setting(
    "SLIPWAY_PROCESS_RECORD_DIR",
    z.string().optional(),
    "Folder of process records; unset = none is written",
  ),
  logLevel: setting(
    "SLIPWAY_LOG_LEVEL",
    z.enum(["debug", "info", "warn", "error"]).default("info"),
    "Least severity that is logged",
  ),
} as const;
