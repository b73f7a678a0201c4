import { join } from "node:path";
import type { DataDirLayout } from "@slipway/service-kit";
import { CHECKOUT, type PlatformConfig } from "../config.ts";
import type { ChildSpec } from "./supervise.ts";

/** Addresses that every process is told, chosen before any of them starts. */
export type PlatformPorts = {
  console: number;
  gateway: number;
  gatewayGrpc: number;
  schedulers: readonly number[];
};

/** Loaded before every program; a URL, as Node wants it. */
export const WATCH = new URL("./end-without-supervisor.ts", import.meta.url).href;

const LOOPBACK = "127.0.0.1";

/** Callers wait for the gateway; the others may be busy for a while without harm. */
const GATEWAY_HUNG_AFTER_MS = 5_000;
const HUNG_AFTER_MS = 10_000;

function mainOf(app: string): string {
  return join(CHECKOUT, "apps", app, "src", "main.ts");
}

/** The programs that a platform runs beside its database, and all that each is told. */
export function childSpecs(
  config: PlatformConfig,
  layout: DataDirLayout,
  ports: PlatformPorts,
  databaseUrl: string,
): {
  schedulers: ChildSpec[];
  gateway: ChildSpec;
  console: ChildSpec;
} {
  const schedulerAddresses = ports.schedulers.map((port) => `${LOOPBACK}:${port}`).join(",");
  const modelRoots = config.modelRoots.join(":");
  const spec = (name: string, app: string, env: Record<string, string>): ChildSpec => ({
    name,
    entry: mainOf(app),
    preload: WATCH,
    logFile: join(layout.logs, `${name}.log`),
    hungAfterMs: app === "gateway" ? GATEWAY_HUNG_AFTER_MS : HUNG_AFTER_MS,
    env: {
      ...config.inherited,
      SLIPWAY_PROCESS_NAME: name,
      SLIPWAY_PROCESS_RECORD_DIR: layout.processes,
      SLIPWAY_LOG_LEVEL: config.logLevel,
      SLIPWAY_INTERNAL_SECRET_FILE: layout.internalSecret,
      SLIPWAY_SUPERVISOR_RECORD: layout.lockFile,
      SLIPWAY_HEALTH_PORT: "0",
      SLIPWAY_SCHEDULER_ADDRESSES: schedulerAddresses,
      ...env,
    },
  });
  const schedulers = ports.schedulers.map((port, index) => {
    const name = index === 0 ? "scheduler" : `scheduler-${index}`;
    return spec(name, "scheduler", {
      DATABASE_URL: databaseUrl,
      SLIPWAY_SCHEDULER_ID: name,
      SLIPWAY_SCHEDULER_CONTROL_PORT: String(port),
      SLIPWAY_DATA_DIR: layout.root,
      SLIPWAY_DISK_RESERVE_BYTES: String(config.diskReserveBytes),
      SLIPWAY_MODEL_ROOTS: modelRoots,
      SLIPWAY_REGISTRY_URL: `http://${LOOPBACK}:${ports.console}`,
      // With a bucket no agent has anything to look for in the registry's folder.
      ...(config.registryS3 === null ? { SLIPWAY_REGISTRY_DIR: layout.registry } : {}),
    });
  });
  const gateway = spec("gateway", "gateway", {
    SLIPWAY_GATEWAY_HOST: LOOPBACK,
    SLIPWAY_GATEWAY_PORT: String(ports.gateway),
    SLIPWAY_GATEWAY_GRPC_PORT: String(ports.gatewayGrpc),
    SLIPWAY_GATEWAY_STATE_DIR: layout.gateway,
    SLIPWAY_CONSOLE_URL: `http://${LOOPBACK}:${ports.console}`,
    SLIPWAY_TOKEN_KEY_FILE: layout.tokenKey,
  });
  const console = spec("console", "console", {
    SLIPWAY_CONSOLE_HOST: LOOPBACK,
    SLIPWAY_CONSOLE_PORT: String(ports.console),
    DATABASE_URL: databaseUrl,
    SLIPWAY_GATEWAY_URL: `http://${LOOPBACK}:${ports.gateway}`,
    SLIPWAY_TOKEN_KEY_FILE: layout.tokenKey,
    SLIPWAY_ADMIN_TOKEN_FILE: layout.adminToken,
    SLIPWAY_DISK_RESERVE_BYTES: String(config.diskReserveBytes),
    SLIPWAY_MODEL_ROOTS: modelRoots,
    SLIPWAY_REGISTRY_DIR: layout.registry,
    ...config.registryS3,
    SLIPWAY_CONSOLE_UI: config.consoleUi ? "1" : "0",
  });
  return { schedulers, gateway, console };
}
