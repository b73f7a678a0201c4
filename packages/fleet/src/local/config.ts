import { fileURLToPath } from "node:url";
import type { BackoffPolicy } from "@slipway/service-kit";
import { DEFAULT_LOG_LIMITS, type LogLimits } from "../logs/open-log.ts";

/** What the local driver has to know of its platform and gives on to the agents that it starts. */
export type LocalFleetConfig = {
  /** The platform's data directory. */
  dataDir: string;
  /** host:port of every scheduler's control port. */
  schedulerAddresses: readonly string[];
  /** Absolute folders that `file:` artifacts may be read from. */
  modelRoots: readonly string[];
  /** Where agents find registered models: a folder of this machine, the base URL of the console; null = not there. */
  registry: { dir: string | null; url: string | null };
  /** File that names the supervisor's process; null = agents live until they are stopped. */
  supervisorRecord: string | null;
  /** File with the secret that the platform's processes show each other. */
  internalSecretFile: string;
  logLevel: string;
  /** Main file of the agent's program. */
  agentEntry: string;
  logLimits: LogLimits;
  /** How long to wait before an agent that died is started again. */
  restart: BackoffPolicy;
  /** An agent that ran this long counts as well again: the next restart waits the shortest time. */
  healthyAfterMs: number;
  /** An agent that does not answer for so long is ended and started again; its model server goes on serving. */
  hungAfterMs: number;
  /** How long an agent may take from its start until it answers. */
  startWithinMs: number;
  /** How long a replica may drain before it is ended by force. */
  drainMs: number;
};

/** What a platform has no reason to choose otherwise; tests do. */
export const LOCAL_FLEET_DEFAULTS = {
  agentEntry: fileURLToPath(new URL("../../../../apps/agent/src/main.ts", import.meta.url)),
  logLimits: DEFAULT_LOG_LIMITS,
  restart: { initialMs: 200, maxMs: 10_000, jitter: 0.2 },
  healthyAfterMs: 30_000,
  hungAfterMs: 10_000,
  startWithinMs: 120_000,
  drainMs: 7_000,
} satisfies Partial<LocalFleetConfig>;
