import { type DeploymentMetrics, deploymentMetrics, type MetricPoint } from "@slipway/contracts";
import { Option } from "commander";
import { findTarget, nameOf, targetPath } from "../client/resources.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

type Options = { group?: string; from: string; to?: string; output: "table" | "json"; points?: true };
type Summary = DeploymentMetrics["summary"];

/** `metrics DEPLOYMENT` */
export function metricsCommand(context: CommandContext) {
  return verb("metrics <deployment>", "Show requests, latencies, replicas, CPU and memory over time", [
    "metrics iris",
    "metrics iris --from -24h --points",
    "metrics iris --from 2026-01-31T12:00:00Z --to 2026-01-31T13:00:00Z -o json",
  ])
    .option("--from <time>", "ISO 8601, or before now as -15m, -1h, -7d", "-1h")
    .option("--to <time>", "as --from; else now")
    .option("--points", "a line for each point in time")
    .addOption(new Option("-o, --output <format>", "how to print").choices(["table", "json"]).default("table"))
    .addOption(groupOption())
    .action(async (name: string, { group, from, to, output, points }: Options) => {
      const target = await findTarget(context.api(), "deployment", name, group);
      const metrics = await context.api().call({
        path: targetPath(target, "metrics"),
        query: { group: target.group, from, to },
        answer: deploymentMetrics,
      });
      if (output === "json") context.terminal.print(JSON.stringify(metrics, null, 2));
      else if (points === true) printPoints(context, metrics);
      else printSummary(context, metrics, nameOf(target));
    });
}

function printSummary({ terminal }: CommandContext, metrics: DeploymentMetrics, name: string): void {
  const { colours } = terminal;
  if (metrics.summary.requests === 0) terminal.note(`${name} had no requests from ${metrics.from} to ${metrics.to}.`);
  else print(terminal.print, renderTable(RATE_COLUMNS, [metrics.summary], colours.dim));
  const codes = new Map<string, number>();
  for (const point of metrics.points) {
    for (const [code, count] of Object.entries(point.codes)) codes.set(code, (codes.get(code) ?? 0) + count);
  }
  for (const [code, count] of [...codes].toSorted()) terminal.print(`${count} × ${code}`);
  for (const { at, kind, generation, actor, message } of metrics.markers) {
    terminal.print(
      colours.dim(`${at}  ${kind} (revision ${generation}) by ${actor}${message === "" ? "" : `: ${message}`}`),
    );
  }
}

function printPoints({ terminal }: CommandContext, { points }: DeploymentMetrics): void {
  const columns: Column<MetricPoint>[] = [
    { title: "At", cell: (point) => point.at },
    ...RATE_COLUMNS,
    { title: "In flight", cell: (point) => orDash(point.inFlight, String), align: "right" },
    {
      title: "Replicas",
      cell: (point) => `${orDash(point.replicasReady, String)}/${orDash(point.replicasWanted, String)}`,
      align: "right",
    },
    { title: "CPU", cell: (point) => orDash(point.cpuCores, (cores) => cores.toFixed(2)), align: "right" },
    { title: "Memory", cell: (point) => orDash(point.memoryBytes, mebibytes), align: "right" },
  ];
  print(terminal.print, renderTable(columns, points, terminal.colours.dim));
}

const RATE_COLUMNS: Column<Summary>[] = [
  { title: "Requests", cell: (row) => String(row.requests), align: "right" },
  { title: "Per second", cell: (row) => row.requestsPerSecond.toFixed(2), align: "right" },
  { title: "Success", cell: (row) => orDash(row.success, percent), align: "right" },
  { title: "p50", cell: (row) => orDash(row.p50Ms, milliseconds), align: "right" },
  { title: "p95", cell: (row) => orDash(row.p95Ms, milliseconds), align: "right" },
  { title: "p99", cell: (row) => orDash(row.p99Ms, milliseconds), align: "right" },
];

/** Cut, not rounded, so that 100 % means that nothing failed. */
const percent = (share: number) => `${Math.floor(share * 10_000) / 100} %`;
const milliseconds = (ms: number) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;

function orDash(value: number | null, words: (value: number) => string): string {
  return value === null ? "-" : words(value);
}

function print(line: (text: string) => void, lines: readonly string[]): void {
  for (const text of lines) line(text);
}
