import { ERROR_CODES, type ErrorCode } from "@slipway/contracts";
import { Counter, createRegistry, Gauge, Histogram, type Registry } from "@slipway/service-kit";

export type Protocol = "rest" | "grpc";

/** All metrics of a model server. No label names a model, since their number has no bound. */
export type ModelServerMetrics = {
  readonly registry: Registry;
  /** One inference was answered; null = with success. */
  answered(protocol: Protocol, code: ErrorCode | null): void;
  /** One run went through the batcher with so many rows, of so many requests. */
  joined(rows: number, requests: number): void;
  /** One run of a model ended. */
  ran(place: "inline" | "worker", ms: number): void;
  /** One inference was handed to its model (1), or came back from it (-1). */
  inFlight(change: 1 | -1): void;
  setLoaded(models: number): void;
  loadEnded(code: ErrorCode | null): void;
  /** A thread that reads and writes large bodies ended by itself. */
  threadLost(): void;
  /** A runner's process ended by itself. */
  runnerLost(): void;
  /** A run was ended by force. */
  runEnded(): void;
  /** A model was quarantined. */
  quarantined(): void;
};

export function createModelServerMetrics(): ModelServerMetrics {
  const registry = createRegistry("model-server");
  const registers = [registry];
  // Plain numbers on the hot path; they become a metric only when somebody asks.
  const answers = { rest: 0, grpc: 0 };
  new Counter({
    name: "slipway_model_server_inferences_total",
    help: "Inference requests answered, with success or not, by protocol (rest, grpc)",
    labelNames: ["protocol"],
    registers,
    collect() {
      this.reset();
      this.inc({ protocol: "rest" }, answers.rest);
      this.inc({ protocol: "grpc" }, answers.grpc);
    },
  });
  const errors = new Counter({
    name: "slipway_model_server_errors_total",
    help: "Inference requests answered with an error, by its code and by who has to act (caller, platform, upstream)",
    labelNames: ["code", "owner"],
    registers,
  });
  const batchRows = new Histogram({
    name: "slipway_model_server_run_rows",
    help: "Rows that went into one run of a model",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    registers,
  });
  const batchRequests = new Histogram({
    name: "slipway_model_server_run_requests",
    help: "Requests that were answered by one run of a model; above 1 they were joined",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  });
  const runSeconds = new Histogram({
    name: "slipway_model_server_run_seconds",
    help: "Time of one run, by where it happened (inline, worker); for those of runners (worker) with the way there and back",
    labelNames: ["place"],
    buckets: [0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers,
  });
  const loaded = new Gauge({
    name: "slipway_model_server_loaded_models",
    help: "Model versions that serve",
    registers,
  });
  let inFlight = 0;
  new Gauge({
    name: "slipway_model_server_in_flight",
    help: "Inference requests handed to their model and not answered",
    registers,
    collect() {
      this.set(inFlight);
    },
  });
  const loads = new Counter({
    name: "slipway_model_server_loads_total",
    help: "Loads that ended, by the code of their error (ok for success)",
    labelNames: ["code"],
    registers,
  });
  const threadsLost = new Counter({
    name: "slipway_model_server_threads_lost_total",
    help: "Threads that read and write large bodies, which ended by themselves and were replaced",
    registers,
  });
  const runnersLost = new Counter({
    name: "slipway_model_server_runners_lost_total",
    help: "Runs that ended with the process that they were in; it was replaced",
    registers,
  });
  const runsEnded = new Counter({
    name: "slipway_model_server_runs_ended_total",
    help: "Runs that nobody waited for any more and that were ended by force, with their process",
    registers,
  });
  const quarantined = new Counter({
    name: "slipway_model_server_quarantined_total",
    help: "Model versions that are not run any more, since their runs did not end or ended their processes",
    registers,
  });
  return {
    registry,
    answered(protocol, code) {
      answers[protocol] += 1;
      if (code !== null) errors.inc({ code, owner: ERROR_CODES[code].owner });
    },
    joined(rows, requests) {
      batchRows.observe(rows);
      batchRequests.observe(requests);
    },
    ran: (place, ms) => runSeconds.observe({ place }, ms / 1_000),
    inFlight(change) {
      inFlight += change;
    },
    setLoaded: (models) => loaded.set(models),
    loadEnded: (code) => loads.inc({ code: code ?? "ok" }),
    threadLost: () => threadsLost.inc(),
    runnerLost: () => runnersLost.inc(),
    runEnded: () => runsEnded.inc(),
    quarantined: () => quarantined.inc(),
  };
}
