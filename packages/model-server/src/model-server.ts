import "./onnx/no-telemetry.ts";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import {
  type Clock,
  ConfigError,
  type ConfigOf,
  type Logger,
  READY,
  type Readiness,
  type Service,
  service,
} from "@slipway/service-kit";
import { createBearerCheck } from "./bearer.ts";
import { BytesInFlight } from "./codec/bytes-in-flight.ts";
import { createCodec } from "./codec/codec.ts";
import type { modelServerSettings } from "./config.ts";
import { openCrashFile } from "./crash-file.ts";
import { createExecution } from "./execution/execution.ts";
import { createGrpcServer } from "./grpc/grpc-server.ts";
import { createHttpServer } from "./http/http-server.ts";
import { createModelServerMetrics } from "./metrics.ts";
import { createModelLog } from "./model-log.ts";
import { processRecordService } from "./process-record.ts";
import { createModelRepository } from "./repository/model-repository.ts";

export type ModelServerConfig = ConfigOf<typeof modelServerSettings>;
export type ModelServerDeps = {
  logger: Logger;
  clock: Clock;
  /** Called at the end of a stop when a thread hangs in a run, so that the process cannot exit in the ordinary way. */
  onStuckThread?: () => void;
};
export type ModelServer = Service & {
  /** Where it listens; only while it runs. */
  addresses(): { http: string; grpc: string };
};

/** How long idle threads may take to end; less than what a process has left when its drain is over. */
const THREADS_END_MS = 300;
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/**
 * A server of ONNX models: Open Inference Protocol by REST and gRPC, with the repository API.
 * @throws ConfigError when it would listen beyond this machine without a secret, or the secret cannot be read
 */
export function createModelServer(
  config: ModelServerConfig,
  { logger, clock, onStuckThread }: ModelServerDeps,
): ModelServer {
  const isAllowed = createBearerCheck(readSecret(config));
  const metrics = createModelServerMetrics();
  const crashFile = openCrashFile(config.crashFile);
  const log = createModelLog(logger, clock);
  const execution = createExecution({
    workers: config.workers ?? defaultWorkers(),
    runTimeoutMs: config.runTimeoutMs,
    crashFile: config.crashFile,
  });
  const repository = createModelRepository(config, { execution, crashFile, metrics, log });
  const onThreadLost = (error: unknown) => {
    metrics.threadLost();
    logger.error({ scope: "process", err: error }, "a thread that reads and writes large bodies was lost");
  };
  const codec = createCodec({ maxAnswerBytes: config.maxAnswerBytes, onThreadLost });
  const bytesInFlight = new BytesInFlight(config.maxBytesInFlight);
  let isDraining = false;
  const ready = (): Readiness => (isDraining ? { ready: false, reason: "the server is shutting down" } : READY);
  const deps = { repository, metrics, logger, log, isAllowed, codec, bytesInFlight, ready, clock };
  const { host, maxBodyBytes } = config;
  const http = createHttpServer({ host, port: config.httpPort, maxBodyBytes }, deps);
  const grpc = createGrpcServer({ host, port: config.grpcPort, maxBodyBytes }, deps);
  const addresses = () => {
    const authority = host.includes(":") ? `[${host}]` : host;
    return { http: `http://${authority}:${http.address().port}`, grpc: `${authority}:${grpc.port()}` };
  };
  const resources: Service = {
    name: "resources",
    start: async () => undefined,
    async stop() {
      await codec.stop();
      const isStuck = clock.sleep(THREADS_END_MS).then(() => true);
      const ended = execution.stop().then(() => false);
      crashFile.close();
      if (!(await Promise.race([ended, isStuck]))) return;
      logger.warn({ scope: "process" }, "a thread hangs in a run; ending all the same");
      onStuckThread?.();
    },
    ready: () => READY,
  };
  const whole = service("model-server", [resources, grpc, http, ...recordService(config, addresses)]);
  return {
    ...whole,
    addresses,
    async start(signal) {
      await whole.start(signal);
      logger.info({ scope: "process", ...addresses() }, "listening");
    },
    async stop(deadline) {
      isDraining = true;
      // A load is of no use to a server that ends, and may take as long as it likes.
      await execution.examiners.stop();
      await whole.stop(deadline);
    },
    ready,
  };
}

/** The record is written when both its folder and its name are given. @throws ConfigError for one without the other */
function recordService(config: ModelServerConfig, addresses: () => Record<string, string>): Service[] {
  const { processRecordDir: directory, processName: name } = config;
  if (directory !== undefined && name !== undefined) return [processRecordService({ directory, name }, addresses)];
  if (directory === undefined && name === undefined) return [];
  throw new ConfigError(
    "The configuration is not valid:\n  SLIPWAY_PROCESS_RECORD_DIR and SLIPWAY_PROCESS_NAME: one needs the other",
  );
}

/** One core is left to the serving thread. */
function defaultWorkers(): number {
  return Math.min(4, Math.max(1, availableParallelism() - 1));
}

function readSecret(config: ModelServerConfig): string | null {
  if (config.internalSecretFile === undefined) {
    if (LOOPBACK.has(config.host)) return null;
    throw new ConfigError(
      "The configuration is not valid:\n  SLIPWAY_INTERNAL_SECRET_FILE: is required to listen beyond this machine",
    );
  }
  try {
    const secret = readFileSync(config.internalSecretFile, "utf8").trim();
    if (secret !== "") return secret;
  } catch {
    // The message below says all there is to say.
  }
  throw new ConfigError("The configuration is not valid:\n  SLIPWAY_INTERNAL_SECRET_FILE: cannot be read, or is empty");
}
