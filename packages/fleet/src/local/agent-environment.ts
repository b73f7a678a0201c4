import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ReplicaSpec } from "../driver.ts";
import type { LocalFleetConfig } from "./config.ts";

/** The names of a replica's processes and where its files lie. */
export function replicaLayout(dataDir: string, suffix: string) {
  return {
    agent: `agent-${suffix}`,
    modelServer: `model-server-${suffix}`,
    stateDir: join(dataDir, "agents", suffix),
    agentLog: join(dataDir, "logs", `agent-${suffix}.log`),
    modelServerLog: join(dataDir, "logs", `model-server-${suffix}.log`),
  };
}

/** All that an agent is told; nothing else of this process's environment reaches it. */
export function agentEnvironment(
  config: LocalFleetConfig,
  spec: ReplicaSpec,
  suffix: string,
  inherited: Readonly<Record<string, string>>,
): Record<string, string> {
  const layout = replicaLayout(config.dataDir, suffix);
  return {
    ...inherited,
    SLIPWAY_PROCESS_NAME: layout.agent,
    SLIPWAY_PROCESS_RECORD_DIR: join(config.dataDir, "run"),
    SLIPWAY_LOG_LEVEL: config.logLevel,
    SLIPWAY_INTERNAL_SECRET_FILE: config.internalSecretFile,
    SLIPWAY_HEALTH_PORT: "0",
    SLIPWAY_AGENT_GROUP: spec.group,
    SLIPWAY_AGENT_SERVER: spec.server,
    SLIPWAY_AGENT_REPLICA: String(spec.replica),
    SLIPWAY_AGENT_RUNTIME: spec.runtime,
    SLIPWAY_AGENT_CAPABILITIES: spec.capabilities.join(","),
    SLIPWAY_AGENT_MEMORY_BYTES: String(spec.memoryBytes),
    SLIPWAY_AGENT_STATE_DIR: layout.stateDir,
    SLIPWAY_AGENT_LOG_DIR: join(config.dataDir, "logs"),
    SLIPWAY_SCHEDULER_ADDRESSES: config.schedulerAddresses.join(","),
    ...(config.registry.dir === null ? {} : { SLIPWAY_REGISTRY_DIR: config.registry.dir }),
    ...(config.registry.url === null ? {} : { SLIPWAY_REGISTRY_URL: config.registry.url }),
    SLIPWAY_MODEL_ROOTS: config.modelRoots.join(":"),
    ...(config.supervisorRecord === null ? {} : { SLIPWAY_SUPERVISOR_RECORD: config.supervisorRecord }),
  };
}

/** Changes when an agent would be told something else, so that one which runs must be started anew. */
export function settingsDigest(environment: Readonly<Record<string, string>>): string {
  const settings = Object.entries(environment)
    .filter(([key]) => key.startsWith("SLIPWAY_"))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(settings)).digest("hex");
}
