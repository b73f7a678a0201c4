import { count, port, setting } from "@slipway/service-kit";
import * as z from "zod";

/** Every setting of a model server, and the only place that names its environment variables. */
export const modelServerSettings = {
  host: setting(
    "SLIPWAY_MODEL_SERVER_HOST",
    z.string().default("127.0.0.1"),
    "Address to listen on; anything but loopback needs a secret",
  ),
  httpPort: setting(
    "SLIPWAY_MODEL_SERVER_HTTP_PORT",
    port.default(0),
    "Port for REST, metrics and health; 0 = any free one",
  ),
  grpcPort: setting("SLIPWAY_MODEL_SERVER_GRPC_PORT", port.default(0), "Port for gRPC; 0 = any free one"),
  internalSecretFile: setting(
    "SLIPWAY_INTERNAL_SECRET_FILE",
    z.string().optional(),
    "File with the bearer secret that every call but health and metrics must carry; unset = no check",
  ),
  processRecordDir: setting(
    "SLIPWAY_PROCESS_RECORD_DIR",
    z.string().optional(),
    "Folder to write this process's record into, with its addresses, once it listens",
  ),
  processName: setting("SLIPWAY_PROCESS_NAME", z.string().optional(), "Name of that record, e.g. model-server-onnx-0"),
  crashFile: setting(
    "SLIPWAY_CRASH_FILE",
    z.string().optional(),
    "File that always says which models are loading or running, for whoever restarts a crashed server",
  ),
  workers: setting(
    "SLIPWAY_MODEL_SERVER_WORKERS",
    z.coerce.number().int().min(1).max(64).optional(),
    "Runs that one model may have under way beside the serving thread, each in a process with its own copy of the model. unset = one less than the cores, from 1 to 4",
  ),
  runTimeoutMs: setting(
    "SLIPWAY_MODEL_SERVER_RUN_TIMEOUT",
    z.coerce.number().int().min(100).max(86_400_000).default(600_000),
    "How long a run may take whose request has no deadline",
    "ms",
  ),
  intraOpThreads: setting(
    "SLIPWAY_MODEL_SERVER_INTRA_OP_THREADS",
    z.coerce.number().int().min(1).max(256).default(1),
    "Threads that the runtime may use inside one run",
  ),
  maxBatchRows: setting(
    "SLIPWAY_MODEL_SERVER_MAX_BATCH_ROWS",
    z.coerce.number().int().min(1).max(65_536).default(256),
    "The most rows of joined requests in one run",
    "rows",
  ),
  maxBodyBytes: setting(
    "SLIPWAY_MODEL_SERVER_MAX_BODY_BYTES",
    z.coerce.number().int().min(1_024).max(1_073_741_824).default(67_108_864),
    "The largest request body or gRPC message",
    "bytes",
  ),
  maxAnswerBytes: setting(
    "SLIPWAY_MODEL_SERVER_MAX_ANSWER_BYTES",
    z.coerce.number().int().min(1_048_576).max(2_147_483_647).default(268_435_456),
    "The largest answer: its JSON, or its gRPC message",
    "bytes",
  ),
  maxBytesInFlight: setting(
    "SLIPWAY_MODEL_SERVER_MAX_BYTES_IN_FLIGHT",
    z.coerce.number().int().min(1_048_576).max(1_099_511_627_776).default(1_073_741_824),
    "What the large bodies of requests and answers on their way may take together; what comes beyond is answered with 503",
    "bytes",
  ),
  maxModels: setting("SLIPWAY_MODEL_SERVER_MAX_MODELS", count.default(10_000), "The most model versions held at once"),
  logLevel: setting("SLIPWAY_LOG_LEVEL", z.enum(["debug", "info", "warn", "error"]).default("info"), "What is logged"),
};
