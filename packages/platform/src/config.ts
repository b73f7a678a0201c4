import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inheritedEnvironment } from "@slipway/fleet";
import {
  diskReserve,
  flag,
  port,
  readConfig,
  registryS3Of,
  registryS3Settings,
  setting,
  variablesOf,
} from "@slipway/service-kit";
import * as z from "zod";

/** The folder that holds Slipway's own code, applications and examples. */
export const CHECKOUT = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** Every setting of `slipway up`, and the only place that names its environment variables. */
export const platformSettings = {
  dataDir: setting(
    "SLIPWAY_DATA_DIR",
    z.string().optional(),
    "Folder that holds everything a start keeps; `.slipway` in the checkout when unset",
  ),
  consolePort: setting("SLIPWAY_CONSOLE_PORT", port.default(7070), "Port of console and REST; 0 = any free one"),
  gatewayPort: setting("SLIPWAY_GATEWAY_PORT", port.default(7080), "Port for inference over HTTP; 0 = any free one"),
  gatewayGrpcPort: setting(
    "SLIPWAY_GATEWAY_GRPC_PORT",
    port.default(7081),
    "Port for inference over gRPC; 0 = any free one",
  ),
  demo: setting("SLIPWAY_DEMO", flag.prefault("1"), "0 = deploy no demo models into a new data directory"),
  consoleUi: setting("SLIPWAY_CONSOLE_UI", flag.prefault("1"), "0 = REST only, without the console's pages"),
  schedulerReplicas: setting(
    "SLIPWAY_SCHEDULER_REPLICAS",
    z.coerce.number().int().min(1).max(5).default(1),
    "How many schedulers run; all but one stand by",
  ),
  modelRoots: setting(
    "SLIPWAY_MODEL_ROOTS",
    z.string().optional(),
    "Absolute folders, separated by `:`, that `file:` models may lie in, besides the examples of the checkout; one with `!` before it is left out, as the data directory always is. When unset: the home folder, the folder that the start was called in, the system's folder for temporary files, and the checkout",
  ),
  databaseUrl: setting(
    "DATABASE_URL",
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")
      .optional(),
    "A PostgreSQL database of your own, version 15 or newer, used instead of the one that a start brings",
  ),
  ...registryS3Settings,
  diskReserve,
  logLevel: setting(
    "SLIPWAY_LOG_LEVEL",
    z.enum(["debug", "info", "warn", "error"]).default("info"),
    "Least level that the processes log",
  ),
  compileCache: setting(
    "NODE_COMPILE_CACHE",
    z.string().optional(),
    "Folder where Node keeps compiled code between starts",
  ),
};

export type PlatformConfig = {
  dataDir: string;
  ports: { console: number; gateway: number; gatewayGrpc: number };
  demo: boolean;
  consoleUi: boolean;
  schedulerReplicas: number;
  /** Folders that models may be read from; one with `!` before it is left out of the others. */
  modelRoots: readonly string[];
  /** null = a server of our own. */
  databaseUrl: string | null;
  /** Settings of the registry's bucket as the console's process takes them; null = the registry is a folder. */
  registryS3: Readonly<Record<string, string>> | null;
  /** Free space that uploads, new revisions and history leave on the disk. */
  diskReserveBytes: number;
  logLevel: string;
  /** What every process of the platform may see of the environment that the platform was started in. */
  inherited: Readonly<Record<string, string>>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of a platform. `workingDir` is where a person called the start, which npm hides behind INIT_CWD.
 * @throws ConfigError naming every variable that is not valid
 */
export function platformConfig(env: Environment, workingDir: string): PlatformConfig {
  const read = readConfig(platformSettings, env);
  const calledIn = env.INIT_CWD ?? workingDir;
  const dataDir = resolve(calledIn, read.dataDir ?? join(CHECKOUT, ".slipway"));
  const given = read.modelRoots?.split(":").filter((folder) => folder !== "");
  const roots = [
    ...(given ?? [homedir(), calledIn, tmpdir(), CHECKOUT]),
    // The demos lie here, wherever else models may.
    join(CHECKOUT, "examples"),
    // Secrets and every process's state lie here: no model is read from it, and nobody learns what is in it.
    `!${dataDir}`,
  ];
  return {
    dataDir,
    ports: { console: read.consolePort, gateway: read.gatewayPort, gatewayGrpc: read.gatewayGrpcPort },
    demo: read.demo,
    consoleUi: read.consoleUi,
    schedulerReplicas: read.schedulerReplicas,
    modelRoots: [...new Set(roots)],
    databaseUrl: read.databaseUrl ?? null,
    registryS3: registryS3Of(read) === null ? null : variablesOf(registryS3Settings, env),
    diskReserveBytes: read.diskReserve,
    logLevel: read.logLevel,
    inherited: {
      ...inheritedEnvironment(env),
      NODE_ENV: "production",
      NODE_COMPILE_CACHE: read.compileCache ?? join(CHECKOUT, ".cache", "compile"),
      NEXT_TELEMETRY_DISABLED: "1",
    },
  };
}
