import type { MetricPoint } from "@slipway/contracts";
import { timeParts } from "@slipway/ui/format-time";
import { ScrollArea } from "@slipway/ui/scroll-area";
import { useTimeZone } from "@slipway/ui/time-zone";
import { COLUMNS, codesOf } from "./metrics-csv.ts";

/** Every shown point, the latest first. */
export function MetricsTable({ points }: { points: readonly MetricPoint[] }) {
  const zone = useTimeZone();
  const codes = codesOf(points);
  const [, ...columns] = COLUMNS;
  if (points.length === 0) return <p className="text-ink-soft text-sm">There is no point in this time.</p>;
  return (
    <ScrollArea label="Metrics as a table">
      <table className="w-full bg-surface text-sm">
        <caption className="sr-only">Metrics of the range, the latest first</caption>
        <thead className="sticky top-0 bg-surface text-ink-soft text-xs">
          <tr className="border-line border-b text-right">
            <th scope="col" className="px-3 py-2 text-left font-medium">
              Time ({zone})
            </th>
            {[...columns.map(({ title }) => title), ...codes].map((title) => (
              <th key={title} scope="col" className="whitespace-nowrap px-3 py-2 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {points.toReversed().map((point) => {
            const { date, time } = timeParts(point.at, zone);
            return (
              <tr key={point.at} className="border-line border-b text-right last:border-b-0">
                <th scope="row" className="whitespace-nowrap px-3 py-1.5 text-left font-normal">
                  {date} {time}
                </th>
                {columns.map(({ name, value }) => (
                  <td key={name} className="px-3 py-1.5">
                    {cell(value(point))}
                  </td>
                ))}
                {codes.map((code) => (
                  <td key={code} className="px-3 py-1.5">
                    {point.codes[code] ?? 0}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function cell(value: string | number | null): string {
  if (typeof value !== "number") return value ?? "–";
  return Number.isInteger(value) ? value.toLocaleString("en-GB") : String(Number(value.toPrecision(4)));
}
