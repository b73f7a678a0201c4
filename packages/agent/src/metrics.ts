import { Counter, createRegistry, Gauge, Histogram, type Registry } from "@slipway/service-kit";

export type AgentMetrics = ReturnType<typeof createAgentMetrics>;

/** All metrics of an agent. Labels are of few values: states and outcomes, never names of models. */
export function createAgentMetrics(processName: string) {
  const registry: Registry = createRegistry(processName);
  const registers = [registry];
  return {
    registry,
    connected: new Gauge({
      name: "slipway_agent_scheduler_connected",
      help: "1 while a leading scheduler is connected",
      registers,
    }),
    staleEpochs: new Counter({
      name: "slipway_agent_stale_epochs_total",
      help: "Leaders refused because a newer epoch is known",
      registers,
    }),
    mismatches: new Counter({
      name: "slipway_agent_assignment_mismatches_total",
      help: "Assignments whose digest did not agree, so that the whole set was asked for",
      registers,
    }),
    /** Counts the models by state whenever somebody reads the metrics. */
    countModels(held: () => Iterable<{ state: string }>) {
      new Gauge({
        name: "slipway_agent_models",
        help: "Models by state",
        labelNames: ["state"] as const,
        registers,
        collect() {
          this.reset();
          for (const { state } of held()) this.inc({ state });
        },
      });
    },
    fetchSeconds: new Histogram({
      name: "slipway_agent_fetch_seconds",
      help: "Time to bring an artifact into the cache, by outcome",
      labelNames: ["outcome"] as const,
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
      registers,
    }),
    loadSeconds: new Histogram({
      name: "slipway_agent_load_seconds",
      help: "Time that the model server took to load a model, by outcome",
      labelNames: ["outcome"] as const,
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
      registers,
    }),
    cacheBytes: new Gauge({
      name: "slipway_agent_artifact_cache_bytes",
      help: "Size of all cached artifacts",
      registers,
    }),
    modelServerUp: new Gauge({
      name: "slipway_agent_model_server_up",
      help: "1 while the model server answers its health check",
      registers,
    }),
    modelServerCrashes: new Counter({
      name: "slipway_agent_model_server_crashes_total",
      help: "Times that the model server ended without being told to",
      registers,
    }),
    quarantined: new Counter({
      name: "slipway_agent_quarantined_total",
      help: "Model versions quarantined after crashes of their model server",
      registers,
    }),
    drift: new Counter({
      name: "slipway_agent_drift_total",
      help: "Differences that only the periodic comparison with the model server found; should stay 0",
      registers,
    }),
  };
}
