import type { MetricMarker, MetricPoint } from "@slipway/contracts";
import { exactTime, type TimeZone } from "@slipway/ui/format-time";
import { ChartLegend } from "./chart-legend.tsx";
import type { ChartModel } from "./chart-model.ts";
import { valueText } from "./chart-scale.ts";
import { markerWords } from "./marker-list.tsx";

type Props = {
  chart: ChartModel;
  point: MetricPoint | undefined;
  stepMs: number;
  markers: readonly MetricMarker[];
  zone: TimeZone;
};

/** What a chart says at the crosshair: the moment, each value, and what was changed then. */
export function ChartValues({ chart: { series, unit }, point, stepMs, markers, zone }: Props) {
  if (point === undefined) return null;
  const fromMs = Date.parse(point.at);
  const changes = markers.filter(({ at }) => Date.parse(at) >= fromMs && Date.parse(at) < fromMs + stepMs);
  return (
    <div className="max-w-64 rounded-md border border-line bg-surface px-3 py-2 text-xs shadow-md">
      <p className="mb-1 text-ink-soft tabular-nums">{exactTime(point.at, zone)}</p>
      <dl className="grid grid-cols-[auto_auto] gap-x-4 gap-y-0.5">
        {series.map((one) => {
          const value = one.value(point);
          return (
            <div key={one.key} className="contents">
              <dt>
                <ChartLegend series={[one]} />
              </dt>
              <dd className="text-right font-medium tabular-nums">{value === null ? "–" : valueText(value, unit)}</dd>
            </div>
          );
        })}
      </dl>
      {changes.map((marker) => (
        <p key={`${marker.at} ${marker.generation}`} className="wrap-anywhere mt-1">
          {markerWords(marker)}
        </p>
      ))}
    </div>
  );
}
