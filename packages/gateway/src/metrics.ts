import { Counter, Gauge, type Registry } from "@slipway/service-kit";
import { LatencyHistogram } from "./latency-histogram.ts";

/** Answers of one deployment by class of status; index 0 = ended by the client before an answer. */
export type RouteCounts = { readonly group: string; readonly deployment: string; readonly byClass: number[] };

const CLASSES = ["aborted", "1xx", "2xx", "3xx", "4xx", "5xx"] as const;
const LATENCY_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What the gauges show; read when the metrics are asked for. */
export type GatewayGauges = {
  tableVersion(): number;
  tableAgeSeconds(): number;
  leaderConnected(): boolean;
  drainingTargets(): number;
  openConnections(): number;
  waitingBatches(): number;
  droppedRequests(): number;
  bodyBytes(): number;
  bodiesRefused(): number;
};

/**
 * All metrics of a gateway. What a request adds to is a number in an array, found at the request's route; labels are
 * put together only when somebody reads.
 */
export class GatewayMetrics {
  readonly #counts = new Map<string, RouteCounts>();
  readonly #latency: LatencyHistogram;
  readonly #registry: Registry;
  inFlight = 0;
  retries = 0;
  released = 0;
  staleEpochs = 0;
  tablesApplied = 0;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#latency = new LatencyHistogram({
      name: "slipway_gateway_request_seconds",
      help: "From the request's head to the end of its answer",
      buckets: LATENCY_SECONDS,
      registry,
    });
    const counts = this.#counts;
    new Counter({
      name: "slipway_gateway_requests_total",
      help: "Answers by deployment and class of status; `aborted` = the client went away first",
      labelNames: ["group", "deployment", "code"],
      registers: [registry],
      collect() {
        this.reset();
        for (const { group, deployment, byClass } of counts.values()) {
          for (const [index, code] of CLASSES.entries()) {
            const count = byClass[index] ?? 0;
            if (count > 0) this.inc({ group, deployment, code }, count);
          }
        }
      },
    });
    this.#counter("retries_total", "Requests given to another replica because none had read them", () => this.retries);
    this.#counter("targets_released_total", "Targets reported as no longer in use", () => this.released);
    this.#counter("stale_epochs_total", "Schedulers not obeyed because a newer one is known", () => this.staleEpochs);
    this.#counter("tables_applied_total", "Route tables switched to", () => this.tablesApplied);
    this.#gauge("requests_in_flight", "Requests that have begun and not ended", () => this.inFlight);
  }

  /** Adds the gauges of parts that are made after the metrics. */
  watch(gauges: GatewayGauges): void {
    this.#gauge("route_table_version", "Version of the route table in use", gauges.tableVersion);
    this.#gauge(
      "route_table_age_seconds",
      "Since the route table last changed or was confirmed",
      gauges.tableAgeSeconds,
    );
    this.#gauge("leader_connected", "1 while a leading scheduler is connected", () =>
      gauges.leaderConnected() ? 1 : 0,
    );
    this.#gauge("targets_draining", "Targets that left the table with requests in flight", gauges.drainingTargets);
    this.#gauge("connections", "Open client connections", gauges.openConnections);
    this.#gauge("body_bytes", "Bytes of requests that have come in and are not answered", gauges.bodyBytes);
    this.#counter(
      "bodies_refused_total",
      "Requests refused because those before them hold all that one caller, or all together, may hold",
      gauges.bodiesRefused,
    );
    this.#gauge("record_batches_waiting", "Batches of counts that wait for a recorder", gauges.waitingBatches);
    this.#counter(
      "record_dropped_requests_total",
      "Requests that no recorder will hear of: too many batches were waiting, or one was refused",
      gauges.droppedRequests,
    );
  }

  /** The counts of a deployment; the same object for as long as the process runs, so that no count is lost by a new route. */
  countsOf(group: string, deployment: string): RouteCounts {
    const key = `${group}/${deployment}`;
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const counts = { group, deployment, byClass: CLASSES.map(() => 0) };
    this.#counts.set(key, counts);
    return counts;
  }

  /** Counts one answer; status 0 = the client went away before it. */
  record(counts: RouteCounts, status: number, durationMs: number): void {
    const index = (status / 100) | 0;
    counts.byClass[index] = (counts.byClass[index] ?? 0) + 1;
    this.#latency.add(durationMs / 1_000);
  }

  #counter(name: string, help: string, value: () => number): void {
    new Counter({
      name: `slipway_gateway_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name: `slipway_gateway_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }
}
