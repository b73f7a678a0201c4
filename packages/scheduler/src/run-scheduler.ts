import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createDb } from "@slipway/db";
import {
  createLocalFleet,
  DEFAULT_LOG_LIMITS,
  type FleetDriver,
  inheritedEnvironment,
  LOCAL_FLEET_DEFAULTS,
  type LogLimits,
} from "@slipway/fleet";
import {
  type ConfigOf,
  createLogger,
  createRegistry,
  diskRoom,
  identify,
  removeProcessRecord,
  type Service,
  systemClock,
  writeProcessRecord,
} from "@slipway/service-kit";
import type { SCHEDULER_SETTINGS } from "./config.ts";
import { createScheduler } from "./scheduler.ts";

export type SchedulerProcessConfig = ConfigOf<typeof SCHEDULER_SETTINGS>;

/** Batches are stored one after another per gateway, so few are enough. */
const RECORDER_CONNECTIONS = 3;

/** The program of the agents that the local fleet starts. */
const DAY_MS = 86_400_000;
const AGENT_ENTRY = fileURLToPath(new URL("../../../apps/agent/src/main.ts", import.meta.url));

/** What is kept of each replica's logs; the file that is being written is a part of it. */
function logLimitsOf({ logKeepBytes, logKeepDays }: SchedulerProcessConfig): LogLimits {
  const fileBytes = Math.min(DEFAULT_LOG_LIMITS.fileBytes, Math.ceil(logKeepBytes / 4));
  return { fileBytes, totalBytes: logKeepBytes, keepMs: logKeepDays * DAY_MS };
}

/** The scheduler as a process: real database, the local fleet, its process record. */
export function createSchedulerProcess(
  config: SchedulerProcessConfig,
  env: Readonly<Record<string, string | undefined>>,
): Service {
  const logger = createLogger(config.processName ?? config.schedulerId, config.logLevel);
  const onIdleError = (error: Error) => logger.warn({ err: error }, "an idle database connection broke");
  const db = createDb(config.databaseUrl, { max: 8, applicationName: config.schedulerId, onIdleError });
  const recorderOptions = { max: RECORDER_CONNECTIONS, applicationName: `${config.schedulerId}-recorder`, onIdleError };
  const recorderDb = createDb(config.databaseUrl, recorderOptions);
  const createDriver = (controlAddress: string): FleetDriver =>
    createLocalFleet(
      {
        ...LOCAL_FLEET_DEFAULTS,
        dataDir: config.dataDir,
        schedulerAddresses: config.schedulerAddresses.length > 0 ? config.schedulerAddresses : [controlAddress],
        modelRoots: config.modelRoots,
        registry: { dir: config.registryDir ?? null, url: config.registryUrl ?? null },
        supervisorRecord: config.supervisorRecord ?? null,
        internalSecretFile: config.internalSecretFile,
        logLevel: config.logLevel,
        agentEntry: AGENT_ENTRY,
        logLimits: logLimitsOf(config),
      },
      { clock: systemClock, logger, random: Math.random, inherited: inheritedEnvironment(env) },
    );
  const scheduler = createScheduler(
    { ...config, secret: readFileSync(config.internalSecretFile, "utf8").trim() },
    {
      db,
      recorderDb,
      clock: systemClock,
      logger,
      registry: createRegistry("scheduler"),
      disk: diskRoom(config.dataDir, config.diskReserve),
      random: Math.random,
      createDriver,
    },
  );
  return {
    name: scheduler.name,
    async start(signal) {
      await scheduler.start(signal);
      const identity = identify();
      if (config.processRecordDir === undefined || config.processName === undefined || identity === null) return;
      const addresses = { control: scheduler.controlAddress, health: `http://${scheduler.healthAddress}` };
      writeProcessRecord(config.processRecordDir, { ...identity, name: config.processName, addresses });
    },
    async stop(deadline) {
      await scheduler.stop(deadline);
      await Promise.all([db.close(), recorderDb.close()]);
      if (config.processRecordDir !== undefined && config.processName !== undefined) {
        removeProcessRecord(config.processRecordDir, config.processName);
      }
    },
    ready: () => scheduler.ready(),
  };
}
