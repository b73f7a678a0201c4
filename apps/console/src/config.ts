import { MODEL_MAX_BYTES } from "@slipway/contracts";
import { diskReserve, flag, port, registryS3Settings, setting } from "@slipway/service-kit";
import * as z from "zod";

const file = z.string().min(1);
const addresses = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(z.string().regex(/^[^\s/]+:\d{1,5}$/, "must be host:port, separated by commas")).min(1));

/** Every setting of the console's process. */
export const consoleSettings = {
  host: setting("SLIPWAY_CONSOLE_HOST", z.string().default("127.0.0.1"), "Address to listen on"),
  port: setting("SLIPWAY_CONSOLE_PORT", port.default(7070), "Port of pages, REST and tRPC; 0 = any free one"),
  databaseUrl: setting("DATABASE_URL", z.string().min(1), "PostgreSQL that holds desired state"),
  gatewayUrl: setting(
    "SLIPWAY_GATEWAY_URL",
    z.url().default("http://127.0.0.1:7080"),
    "Public base of the gateway, for the calls that pages and answers show",
  ),
  tokenKeyFile: setting("SLIPWAY_TOKEN_KEY_FILE", file, "File with the HMAC key of client tokens, in hexadecimal"),
  adminTokenFile: setting("SLIPWAY_ADMIN_TOKEN_FILE", file, "File with the bearer token of the command line"),
  internalSecretFile: setting(
    "SLIPWAY_INTERNAL_SECRET_FILE",
    file,
    "File with the bearer that processes know each other by",
  ),
  schedulerAddresses: setting("SLIPWAY_SCHEDULER_ADDRESSES", addresses, "host:port of every scheduler, with commas"),
  registryDir: setting(
    "SLIPWAY_REGISTRY_DIR",
    file,
    "Folder where the model registry keeps what is uploaded; with a bucket only while it comes in",
  ),
  ...registryS3Settings,
  modelMaxBytes: setting(
    "SLIPWAY_MODEL_MAX_BYTES",
    z.coerce.number().int().min(1).default(MODEL_MAX_BYTES),
    "The largest model that an upload takes",
    "bytes",
  ),
  diskReserve,
  modelRoots: setting(
    "SLIPWAY_MODEL_ROOTS",
    z
      .string()
      .default("")
      .transform((text) => text.split(":").filter((folder) => folder !== "")),
    "Folders that file: models may be looked at in before they are deployed, joined by colons; one with `!` before it is left out of the others",
  ),
  ui: setting("SLIPWAY_CONSOLE_UI", flag.prefault("1"), "0 = REST and tRPC alone, without the pages"),
  processName: setting("SLIPWAY_PROCESS_NAME", z.string().default("console"), "Name in logs and process records"),
  recordDirectory: setting(
    "SLIPWAY_PROCESS_RECORD_DIR",
    file.optional(),
    "Folder of process records; unset = none is written",
  ),
  logLevel: setting(
    "SLIPWAY_LOG_LEVEL",
    z.enum(["debug", "info", "warn", "error"]).default("info"),
    "Least level logged",
  ),
};
