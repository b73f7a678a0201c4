import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { monitored } from "./disk-trouble.ts";
import { keptFiles } from "./kept-files.ts";

/** The metrics of one process; every process has exactly one registry and one `metrics.ts` that fills it. */
export function createRegistry(process: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  showDiskTrouble(registry);
  return registry;
}

function showDiskTrouble(registry: Registry): void {
  const registers = [registry];
  new Counter({
    name: "slipway_log_lines_lost_total",
    help: "Log lines that could not be written",
    registers,
    collect() {
      this.reset();
      this.inc(monitored.lostLogLines);
    },
  });
  new Counter({
    name: "slipway_state_writes_failed_total",
    help: "Writes of state files that failed; each is tried again",
    registers,
    collect() {
      this.reset();
      this.inc(monitored.failedStateWrites);
    },
  });
  new Gauge({
    name: "slipway_state_files_behind",
    help: "State files whose newest content is not on disk yet",
    registers,
    collect() {
      this.set(keptFiles.behind().length);
    },
  });
}

export { Counter, Gauge, Histogram, Registry } from "prom-client";
