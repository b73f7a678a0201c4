import {
  ABORTED,
  type DeploymentMetrics,
  latencyPercentile,
  type MetricPoint,
  REPORTED_WITHIN_MS,
} from "@slipway/contracts";
import type { MetricRange, MetricStep } from "./metric-range.ts";

/** A stored window, as far as a chart needs it. */
export type Rollup = {
  atMs: number;
  codes: Readonly<Record<string, number>>;
  latency: Readonly<Record<string, number>>;
  maxInFlight: number | null;
  replicasReady: number | null;
  replicasWanted: number | null;
  cpuMs: number | null;
  cpuOverMs: number | null;
  memoryBytes: number | null;
};

type Totals = { codes: Map<string, number>; latency: Map<number, number> };

/**
 * Puts stored windows together into points and a summary. Counts add up, histograms add up before a percentile is read
 * from them, gauges keep their worst case. A point that has only begun counts by the part of it that gateways have told
 * of; one of which they have told of less than 10 s is left out, so that a chart does not end in a dip that is none.
 */
export function mergeRollups(
  rollups: readonly Rollup[],
  { fromMs, toMs }: MetricRange,
  { pointSeconds }: MetricStep,
  nowMs: number,
): Pick<DeploymentMetrics, "points" | "summary"> {
  const stepMs = pointSeconds * 1_000;
  const byPoint = Map.groupBy(rollups, ({ atMs }) => Math.floor(atMs / stepMs));
  const points: MetricPoint[] = [];
  const all: Totals = emptyTotals();
  let seconds = 0;
  for (let index = Math.floor(fromMs / stepMs); index * stepMs < toMs; index += 1) {
    const toldMs = Math.min(stepMs, nowMs - REPORTED_WITHIN_MS - index * stepMs);
    if (toldMs < Math.min(stepMs, 10_000)) break;
    const windows = byPoint.get(index) ?? [];
    const totals = emptyTotals();
    for (const window of windows) addTo(totals, window);
    addAll(all, totals);
    seconds += toldMs / 1_000;
    points.push({
      at: new Date(index * stepMs).toISOString(),
      ...ratesOf(totals, toldMs / 1_000),
      codes: Object.fromEntries(totals.codes),
      ...gaugesOf(windows),
    });
  }
  return { points, summary: ratesOf(all, seconds) };
}

function emptyTotals(): Totals {
  return { codes: new Map(), latency: new Map() };
}

function addTo({ codes, latency }: Totals, window: Rollup): void {
  for (const code in window.codes) add(codes, code, window.codes[code] ?? 0);
  for (const bucket in window.latency) add(latency, Number(bucket), window.latency[bucket] ?? 0);
}

function addAll(all: Totals, { codes, latency }: Totals): void {
  for (const [code, count] of codes) add(all.codes, code, count);
  for (const [bucket, count] of latency) add(all.latency, bucket, count);
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function ratesOf({ codes, latency }: Totals, seconds: number): DeploymentMetrics["summary"] {
  let requests = 0;
  let successes = 0;
  for (const [code, count] of codes) {
    requests += count;
    if (code !== ABORTED && code.startsWith("2")) successes += count;
  }
  return {
    requests,
    requestsPerSecond: seconds > 0 ? requests / seconds : 0,
    success: requests === 0 ? null : successes / requests,
    p50Ms: latencyPercentile(latency, 0.5),
    p95Ms: latencyPercentile(latency, 0.95),
    p99Ms: latencyPercentile(latency, 0.99),
  };
}

function gaugesOf(windows: readonly Rollup[]) {
  const cpuOverMs = sum(windows.map((window) => window.cpuOverMs));
  const cpuMs = sum(windows.map((window) => window.cpuMs));
  return {
    inFlight: most(windows.map((window) => window.maxInFlight)),
    replicasReady: least(windows.map((window) => window.replicasReady)),
    replicasWanted: most(windows.map((window) => window.replicasWanted)),
    cpuCores: cpuMs === null || !cpuOverMs ? null : cpuMs / cpuOverMs,
    memoryBytes: most(windows.map((window) => window.memoryBytes)),
  };
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

function most(values: readonly (number | null)[]): number | null {
  const some = known(values);
  return some.length === 0 ? null : Math.max(...some);
}

function least(values: readonly (number | null)[]): number | null {
  const some = known(values);
  return some.length === 0 ? null : Math.min(...some);
}

function sum(values: readonly (number | null)[]): number | null {
  const some = known(values);
  return some.length === 0 ? null : some.reduce((total, value) => total + value, 0);
}
