import { Counter, Gauge, Histogram, type Registry } from "@slipway/service-kit";

/** All metrics of the scheduler. */
export function createSchedulerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    /** 1 while this scheduler leads. Exactly one of all should say 1. */
    leading: new Gauge({ name: "slipway_scheduler_leading", help: "1 while this scheduler leads", registers }),
    epoch: new Gauge({ name: "slipway_scheduler_epoch", help: "Epoch of this scheduler's last term", registers }),
    /** Terms that ended by anything but a stop; rises with the database's failures. */
    terms: new Counter({ name: "slipway_scheduler_terms_total", help: "Terms that this scheduler has led", registers }),
    stepSeconds: new Histogram({
      name: "slipway_scheduler_step_seconds",
      help: "Time to plan one step, without storing it",
      buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
      registers,
    }),
    applySeconds: new Histogram({
      name: "slipway_scheduler_apply_seconds",
      help: "Time to store one step's batch",
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2],
      registers,
    }),
    agents: new Gauge({ name: "slipway_scheduler_agents", help: "Agents connected to this scheduler", registers }),
    routers: new Gauge({ name: "slipway_scheduler_routers", help: "Routers connected to this scheduler", registers }),
    /** Models with fewer replicas than asked for. */
    waiting: new Gauge({ name: "slipway_scheduler_waiting_models", help: "Models that wait for a place", registers }),
    placements: new Gauge({
      name: "slipway_scheduler_placements",
      help: "Model versions placed on replicas",
      registers,
    }),
    /** What the feed did not tell; anything but 0 is a defect. */
    missed: new Counter({
      name: "slipway_scheduler_missed_changes_total",
      help: "Differences between snapshot and database that the periodic comparison found",
      registers,
    }),
    /** Age of the oldest transaction that the feed waits for. */
    feedHorizonSeconds: new Gauge({
      name: "slipway_scheduler_feed_horizon_seconds",
      help: "Age of the oldest transaction that the change feed waits for",
      registers,
    }),
  };
}
export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;
