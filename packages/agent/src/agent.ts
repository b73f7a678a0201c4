import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { LevelSetReplica } from "@slipway/rpc";
import { type AgentHello, AgentHelloSchema, type AssignedModel } from "@slipway/rpc/control/agent";
import {
  type Clock,
  createHealthServer,
  identify,
  type Logger,
  READY,
  type Readiness,
  removeProcessRecord,
  type Service,
  service,
  writeProcessRecord,
} from "@slipway/service-kit";
import { ArtifactCache } from "./artifacts/artifact-cache.ts";
import { RegistryClient } from "./artifacts/registry-client.ts";
import { AssignmentStore } from "./assignments/assignment-store.ts";
import { SchedulerLink } from "./assignments/scheduler-link.ts";
import { takeAssignment } from "./assignments/take-assignment.ts";
import type { AgentConfig } from "./config.ts";
import { Converger } from "./converge/converger.ts";
import { ModelDetailsStore } from "./converge/model-details-store.ts";
import { type AgentMetrics, createAgentMetrics } from "./metrics.ts";
import { findGpus, type Gpu } from "./reports/find-gpus.ts";
import { Reporter } from "./reports/reporter.ts";
import { allowLongCalls, connectModelServer } from "./supervise/connect-model-server.ts";
import { CrashLedger } from "./supervise/crash-ledger.ts";
import { ModelServerSupervisor } from "./supervise/model-server-supervisor.ts";
import { watchForOrphanage } from "./supervise/orphan-watch.ts";
import { takeReplica } from "./supervise/replica-lock.ts";

export type AgentDeps = {
  clock: Clock;
  logger: Logger;
  random: () => number;
  /** What the model server inherits of this process's environment. */
  inherited: Readonly<Record<string, string>>;
  /** Ends this process as SIGTERM would; called when nobody owns the replica any more. */
  end: () => void;
};

const MODEL_SERVER_ENTRY = fileURLToPath(new URL("../../../apps/model-server/src/main.ts", import.meta.url));

/** The agent of one server replica: keeps a model server running that holds what the scheduler assigned, and says so. */
export function createAgent(config: AgentConfig, deps: AgentDeps): Service {
  mkdirSync(config.stateDir, { recursive: true, mode: 0o700 });
  takeReplica(config.stateDir);
  allowLongCalls();
  const name = config.processName ?? `agent-${config.server}-${config.replica}`;
  const metrics = createAgentMetrics(name);
  const replica = createReplica(config, deps, metrics, name);
  const health = createHealthServer({ registry: metrics.registry, ready: replica.ready }, { port: config.healthPort });
  const recordDir = config.processRecordDir ?? join(config.stateDir, "run");
  const record: Service = {
    name: "process-record",
    async start() {
      const identity = identify();
      if (identity === null) throw new Error("the kernel does not tell this process's start time");
      const addresses = { health: `http://127.0.0.1:${health.address().port}` };
      writeProcessRecord(recordDir, { name, ...identity, addresses });
    },
    stop: async () => removeProcessRecord(recordDir, name),
    ready: () => READY,
  };
  return service("agent", [health, record, replica]);
}

/** The parts that depend on each other, wired: the model server's state drives the converger, both drive the reports. */
function createReplica(config: AgentConfig, deps: AgentDeps, metrics: AgentMetrics, name: string): Service {
  const { clock, logger, random } = deps;
  const secret = readFileSync(config.internalSecretFile, "utf8").trim();
  const store = new AssignmentStore(config.stateDir);
  const set = new LevelSetReplica<AssignedModel>(store.epoch);
  const cache = new ArtifactCache({
    folder: join(config.stateDir, "artifacts"),
    quotaBytes: config.cacheBytes,
    now: () => clock.now(),
  });
  const converger: Converger = new Converger(
    {
      sources: {
        roots: config.modelRoots,
        registryDir: config.registryDir ?? null,
        registry:
          config.registryUrl === undefined
            ? null
            : new RegistryClient({ url: config.registryUrl, secret, clock, random }),
      },
      parallelFetches: config.parallelFetches,
      parallelLoads: config.parallelLoads,
    },
    {
      cache,
      details: new ModelDetailsStore(config.stateDir),
      ledger: new CrashLedger(config.stateDir),
      clock,
      logger,
      metrics,
      onChange: (key) => reporter.changed(key),
    },
  );
  metrics.countModels(() => converger.held.values());
  const supervisor: ModelServerSupervisor = createSupervisor(config, deps, name, secret, {
    onUp: (server, adopted) => converger.serverUp(server, adopted),
    onDown(suspects) {
      metrics.modelServerCrashes.inc();
      converger.serverDown(suspects);
    },
    onChange() {
      metrics.modelServerUp.set(supervisor.reason === "" ? 1 : 0);
      reporter.changed();
    },
  });
  const reporter = new Reporter({
    held: () => converger.held,
    modelServer: () => supervisor,
    assignmentVersion: () => set.version,
    clock,
  });
  const link = new SchedulerLink({
    addresses: config.schedulerAddresses,
    secret,
    hello: () => hello(config, { instanceId, highestEpoch: set.epoch, gpus }),
    onWelcome: (epoch, send) => {
      if (!set.observeEpoch(epoch)) {
        metrics.staleEpochs.inc();
        logger.warn({ epoch: epoch.toString(), known: set.epoch.toString() }, "refused a leader of an old epoch");
        return false;
      }
      store.keepEpoch(epoch);
      set.reset();
      metrics.connected.set(1);
      reporter.connect(send);
      return true;
    },
    onAssignment: (assignment, send) => takeAssignment(assignment, send, { set, store, converger, reporter, metrics }),
    onLost() {
      metrics.connected.set(0);
      reporter.disconnect();
    },
    clock,
    random,
    logger,
  });
  const instanceId = randomUUID();
  let gpus: readonly Gpu[] = [];
  const stopping = new AbortController();

  return {
    name: "replica",
    async start() {
      const lookedFor = findGpus();
      await cache.open();
      if (store.models !== null) converger.assign(store.models, new Set());
      // Adopted before the scheduler is told anything, so that what runs is never reported as missing.
      await supervisor.start();
      converger.start();
      gpus = await lookedFor;
      link.start();
      void watchForOrphanage(
        {
          supervisorRecord: config.supervisorRecord ?? null,
          stateDir: config.stateDir,
          graceMs: config.orphanGraceMs,
          clock,
          logger,
          onOrphaned(reason) {
            logger.warn({ reason }, "this replica belongs to nobody and ends");
            deps.end();
          },
        },
        stopping.signal,
      );
    },
    async stop(deadline) {
      stopping.abort(new Error("the agent stops"));
      await link.stop();
      await Promise.all([converger.stop(), supervisor.stop(deadline)]);
    },
    ready: (): Readiness =>
      supervisor.reason === "" ? READY : { ready: false, reason: `the model server: ${supervisor.reason}` },
  };
}

function createSupervisor(
  config: AgentConfig,
  deps: AgentDeps,
  name: string,
  secret: string,
  events: ConstructorParameters<typeof ModelServerSupervisor>[2],
): ModelServerSupervisor {
  const processName = name.startsWith("agent-")
    ? `model-server-${name.slice("agent-".length)}`
    : `model-server-${name}`;
  return new ModelServerSupervisor(
    {
      entry: config.modelServerEntry ?? MODEL_SERVER_ENTRY,
      environment: {
        ...deps.inherited,
        SLIPWAY_LOG_LEVEL: config.logLevel,
        SLIPWAY_INTERNAL_SECRET_FILE: config.internalSecretFile,
      },
      processName,
      recordDir: config.processRecordDir ?? join(config.stateDir, "run"),
      logFile: join(config.logDir, `${processName}.log`),
      crashFile: join(config.stateDir, "crash.json"),
      hungAfterMs: config.hungAfterMs,
    },
    { ...deps, connect: (baseUrl) => connectModelServer(baseUrl, secret) },
    events,
  );
}

type Known = { instanceId: string; highestEpoch: bigint; gpus: readonly Gpu[] };

function hello(config: AgentConfig, { instanceId, highestEpoch, gpus }: Known): AgentHello {
  const { group, server, replica, capabilities, memoryBytes } = config;
  return create(AgentHelloSchema, {
    replica: { group, server, replica },
    instanceId,
    highestEpoch,
    capabilities,
    memoryBytes: BigInt(memoryBytes),
    gpus: gpus.map((gpu) => ({ name: gpu.name, memoryBytes: BigInt(gpu.memoryBytes) })),
  });
}
