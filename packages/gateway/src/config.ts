import { readFileSync } from "node:fs";
import { type ConfigOf, count, milliseconds, port, readConfig, setting } from "@slipway/service-kit";
import * as z from "zod";

const path = z.string().min(1);
const addresses = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(z.string().regex(/^[^\s/]+:\d{1,5}$/, "must be host:port, separated by commas")).min(1));

/** The settings of a gateway. */
export const gatewaySettings = {
  host: setting("SLIPWAY_GATEWAY_HOST", z.string().default("127.0.0.1"), "Address to listen on"),
  port: setting("SLIPWAY_GATEWAY_PORT", port.default(7080), "Port for HTTP; 0 = any free one"),
  grpcPort: setting("SLIPWAY_GATEWAY_GRPC_PORT", port.default(7081), "Port for gRPC; 0 = any free one"),
  stateDirectory: setting("SLIPWAY_GATEWAY_STATE_DIR", path, "Folder of the last route table and the highest epoch"),
  tokenKeyFile: setting("SLIPWAY_TOKEN_KEY_FILE", path, "File with the HMAC key of client tokens, in hexadecimal"),
  internalSecretFile: setting(
    "SLIPWAY_INTERNAL_SECRET_FILE",
    path,
    "File with the bearer that processes know each other by",
  ),
  schedulerAddresses: setting("SLIPWAY_SCHEDULER_ADDRESSES", addresses, "host:port of every scheduler, with commas"),
  maxConnections: setting("SLIPWAY_GATEWAY_MAX_CONNECTIONS", count.default(10_000), "Open client connections"),
  maxBodyBytes: setting(
    "SLIPWAY_GATEWAY_MAX_BODY_BYTES",
    count.min(1).default(768 * 1024 * 1024),
    "Bodies of all requests that are not answered yet, together",
    "bytes",
  ),
  maxCallerBodyBytes: setting(
    "SLIPWAY_GATEWAY_MAX_CALLER_BODY_BYTES",
    count.min(1).default(256 * 1024 * 1024),
    "The same for one caller: a token, or an address without one",
    "bytes",
  ),
  maxHeaderBytes: setting(
    "SLIPWAY_GATEWAY_MAX_HEADER_BYTES",
    // Model servers take 128 KiB: what passes here never is too large there.
    count.max(65_536).default(16_384),
    "All headers together, at most 65536",
    "bytes",
  ),
  headersTimeoutMs: setting(
    "SLIPWAY_GATEWAY_HEADERS_TIMEOUT_MS",
    milliseconds.default(10_000),
    "From a connection's or request's beginning to the end of its headers",
    "ms",
  ),
  requestTimeoutMs: setting(
    "SLIPWAY_GATEWAY_REQUEST_TIMEOUT_MS",
    milliseconds.default(60_000),
    "From a request's beginning to the end of its body",
    "ms",
  ),
  idleTimeoutMs: setting(
    "SLIPWAY_GATEWAY_IDLE_TIMEOUT_MS",
    milliseconds.default(75_000),
    "How long a connection may wait for its next request",
    "ms",
  ),
  consoleUrl: setting(
    "SLIPWAY_CONSOLE_URL",
    z.url({ protocol: /^https?$/ }).optional(),
    "Where the console is, for the page at /; unset = it is not named",
  ),
  processName: setting("SLIPWAY_PROCESS_NAME", z.string().default("gateway"), "Name in logs and process records"),
  recordDirectory: setting(
    "SLIPWAY_PROCESS_RECORD_DIR",
    path.optional(),
    "Folder of process records; unset = none is written",
  ),
  logLevel: setting(
    "SLIPWAY_LOG_LEVEL",
    z.enum(["debug", "info", "warn", "error"]).default("info"),
    "Least level logged",
  ),
};
export type GatewaySettings = ConfigOf<typeof gatewaySettings>;

/** The settings with the secrets that they point to. */
export type GatewayConfig = GatewaySettings & { tokenKey: Buffer; internalSecret: string };

/**
 * Reads the configuration and its secret files.
 * @throws ConfigError with everything that is wrong, never quoting a value
 */
export function readGatewayConfig(env: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const settings = readConfig(gatewaySettings, env);
  const tokenKeyText = readSecret(settings.tokenKeyFile);
  if (!/^[0-9a-f]{64}$/i.test(tokenKeyText)) throw new Error("The token key must be 32 bytes in hexadecimal.");
  return {
    ...settings,
    tokenKey: Buffer.from(tokenKeyText, "hex"),
    internalSecret: readSecret(settings.internalSecretFile),
  };
}

function readSecret(file: string): string {
  return readFileSync(file, "utf8").trim();
}
