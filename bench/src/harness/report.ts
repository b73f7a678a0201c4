/** What a metric must reach for the bench to count as met; `null` measured = its peer was missing. */
export type Target = { metric: string; atLeast?: number; atMost?: number };
export type BenchResult = {
  bench: string;
  metrics: Record<string, number | null>;
  targets: Target[];
  /** null as soon as one target could not be measured: a missing peer is never a success. */
  met: boolean | null;
};

/** Judges the metrics: false when a target is missed, null when one could not be measured, else true. */
export function judge(metrics: Record<string, number | null>, targets: readonly Target[]): boolean | null {
  let unknown = false;
  for (const target of targets) {
    const value = metrics[target.metric] ?? null;
    if (value === null) unknown = true;
    else if (target.atLeast !== undefined && value < target.atLeast) return false;
    else if (target.atMost !== undefined && value > target.atMost) return false;
  }
  return unknown ? null : true;
}

/** Prints a table for people and, as the last line, the result as JSON. */
export function report(bench: string, metrics: Record<string, number | null>, targets: readonly Target[]): void {
  const rows = Object.entries(metrics).map(([name, value]) => {
    const target = targets.find(({ metric }) => metric === name);
    return [
      name,
      value === null ? "not measured" : round(value).toString(),
      target === undefined ? "" : bound(target),
      verdict(value, target),
    ];
  });
  process.stdout.write(`\n${table(["metric", "value", "target", ""], rows)}\n`);
  const rounded = Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, value === null ? null : round(value)]),
  );
  const result: BenchResult = { bench, metrics: rounded, targets: [...targets], met: judge(metrics, targets) };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Lines up columns for a terminal. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

function bound(target: Target): string {
  return target.atLeast !== undefined ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

function verdict(value: number | null, target: Target | undefined): string {
  if (target === undefined) return "";
  if (value === null) return "?";
  return judge({ [target.metric]: value }, [target]) === true ? "met" : "missed";
}
