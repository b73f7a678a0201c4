import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { port, readConfig, setting } from "@slipway/service-kit";
import * as z from "zod";

/** The folder of Slipway itself. */
export const CHECKOUT = fileURLToPath(new URL("../../..", import.meta.url));

export const CLI_SETTINGS = {
  dataDir: setting("SLIPWAY_DATA_DIR", z.string().optional(), "Data directory of the platform to talk to"),
  noColour: setting("NO_COLOR", z.string().optional(), "Anything: print without colour"),
  consolePort: setting("SLIPWAY_CONSOLE_PORT", port.default(7070), "Port of the console that `doctor` looks at"),
  gatewayPort: setting("SLIPWAY_GATEWAY_PORT", port.default(7080), "Port of the gateway that `doctor` looks at"),
  gatewayGrpcPort: setting(
    "SLIPWAY_GATEWAY_GRPC_PORT",
    port.default(7081),
    "Port of the gateway's gRPC that `doctor` looks at",
  ),
};

export type CliConfig = {
  dataDir: string;
  noColour: boolean;
  /** The ports that a start wishes for; 0 = any. */
  ports: readonly { purpose: string; port: number; env: string }[];
};

/** Where the platform's data lies: as told, else `.slipway` in the checkout. */
export function cliConfig(env: Readonly<Record<string, string | undefined>>, workingDir: string): CliConfig {
  const read = readConfig(CLI_SETTINGS, env);
  const dataDir = read.dataDir ?? join(CHECKOUT, ".slipway");
  return {
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(workingDir, dataDir),
    noColour: read.noColour !== undefined,
    ports: [
      { purpose: "console", port: read.consolePort, env: "SLIPWAY_CONSOLE_PORT" },
      { purpose: "gateway", port: read.gatewayPort, env: "SLIPWAY_GATEWAY_PORT" },
      { purpose: "gateway, gRPC", port: read.gatewayGrpcPort, env: "SLIPWAY_GATEWAY_GRPC_PORT" },
    ],
  };
}
