import { collectDefaultMetrics, Registry } from "prom-client";

/** The metrics of one process; every process has exactly one registry and one `metrics.ts` that fills it. */
export function createRegistry(process: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  return registry;
}

export { Counter, Gauge, Histogram, Registry } from "prom-client";
