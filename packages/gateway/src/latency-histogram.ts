import { Histogram, type Registry } from "@slipway/service-kit";

/**
 * A histogram without labels whose `add` is a search and two additions; what a scrape reads is put together then.
 * Buckets are upper bounds in seconds, ascending.
 */
export class LatencyHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(options: { name: string; help: string; buckets: readonly number[]; registry: Registry }) {
    super({ name: options.name, help: options.help, buckets: [...options.buckets], registers: [options.registry] });
    this.#name = options.name;
    this.#help = options.help;
    this.#bounds = options.buckets;
    this.#counts = new Float64Array(options.buckets.length + 1);
  }

  add(seconds: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && seconds > (this.#bounds[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  /** What prom-client reads a metric by, as text and as objects; it keeps this method out of its types. */
  async getForPromString() {
    let total = 0;
    const values: { metricName: string; labels: Record<string, string | number>; value: number }[] = [];
    for (const [index, count] of this.#counts.entries()) {
      total += count;
      values.push({ metricName: `${this.#name}_bucket`, labels: { le: this.#bounds[index] ?? "+Inf" }, value: total });
    }
    values.push({ metricName: `${this.#name}_sum`, labels: {}, value: this.#sum });
    values.push({ metricName: `${this.#name}_count`, labels: {}, value: total });
    return { name: this.#name, help: this.#help, type: "histogram", aggregator: "sum", values };
  }
}
