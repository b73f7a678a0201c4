import type { MetricPoint } from "@slipway/contracts";

/** Columns of the table and of the file, in their order. */
export const COLUMNS = [
  { title: "Time", name: "at", value: (point: MetricPoint) => point.at },
  { title: "Requests", name: "requests", value: (point: MetricPoint) => point.requests },
  { title: "Requests/s", name: "requests_per_second", value: (point: MetricPoint) => point.requestsPerSecond },
  { title: "Success", name: "success", value: (point: MetricPoint) => point.success },
  { title: "p50 ms", name: "p50_ms", value: (point: MetricPoint) => point.p50Ms },
  { title: "p95 ms", name: "p95_ms", value: (point: MetricPoint) => point.p95Ms },
  { title: "p99 ms", name: "p99_ms", value: (point: MetricPoint) => point.p99Ms },
  { title: "In flight", name: "in_flight", value: (point: MetricPoint) => point.inFlight },
  { title: "Ready", name: "replicas_ready", value: (point: MetricPoint) => point.replicasReady },
  { title: "Wanted", name: "replicas_wanted", value: (point: MetricPoint) => point.replicasWanted },
  { title: "CPU cores", name: "cpu_cores", value: (point: MetricPoint) => point.cpuCores },
  { title: "Memory bytes", name: "memory_bytes", value: (point: MetricPoint) => point.memoryBytes },
] as const;

/** The points as a file for a spreadsheet: a line each, then a column for every status that occurs. No value = empty. */
export function metricsCsv(points: readonly MetricPoint[]): string {
  const codes = codesOf(points);
  const head = [...COLUMNS.map(({ name }) => name), ...codes.map((code) => `status_${code}`)];
  const lines = points.map((point) => [
    ...COLUMNS.map(({ value }) => cell(value(point))),
    ...codes.map((code) => cell(point.codes[code] ?? 0)),
  ]);
  return `${[head, ...lines].map((line) => line.join(",")).join("\r\n")}\r\n`;
}

/** Every status that occurs, in order. */
export function codesOf(points: readonly MetricPoint[]): string[] {
  return [...new Set(points.flatMap(({ codes }) => Object.keys(codes)))].sort();
}

function cell(value: string | number | null): string {
  return value === null ? "" : String(value);
}
