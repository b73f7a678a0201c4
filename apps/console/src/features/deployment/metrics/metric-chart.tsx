import type { DeploymentMetrics, MetricPoint } from "@slipway/contracts";
import type { TimeZone } from "@slipway/ui/format-time";
import { Fragment, useId, useMemo, useState } from "react";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { ChartLegend } from "./chart-legend.tsx";
import { type ChartModel, peakOf, type Series } from "./chart-model.ts";
import { type ChartRange, dragged } from "./chart-range.ts";
import { tickText, timeTicks, valueText, valueTicks } from "./chart-scale.ts";
import { ChartValues } from "./chart-values.tsx";

type Props = {
  chart: ChartModel;
  summary: string;
  metrics: DeploymentMetrics;
  zone: TimeZone;
  choose: (range: ChartRange) => void;
};

const AXIS = {
  stroke: "var(--color-outline)",
  tick: { fill: "var(--color-ink-soft)", fontSize: 11 },
  tickLine: false,
} as const;
/** Marks of time that fit where the page is narrow. */
const TICKS = 5;

/** One chart: its lines over time, the changes in between, and a crosshair that all charts share. Dragging zooms. */
export function MetricChart({ chart, summary, metrics, zone, choose }: Props) {
  const id = useId();
  const [drag, setDrag] = useState<{ fromMs: number; toMs: number } | null>(null);
  const { points, markers } = metrics;
  const span = { fromMs: Date.parse(metrics.from), toMs: Date.parse(metrics.to) };
  const rows = useMemo(() => points.map((point) => rowOf(chart, point)), [chart, points]);
  const ticks = valueTicks(peakOf(chart, points), chart.unit);
  const { title, unit, shape, series } = chart;

  function end() {
    const range = drag === null ? null : dragged(drag.fromMs, drag.toMs);
    setDrag(null);
    if (range !== null) choose(range);
  }

  return (
    <section aria-labelledby={id} className="min-w-0 rounded-xl border border-line bg-surface p-4">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {series.length > 1 ? <ChartLegend series={series} /> : null}
      </div>
      <p id={`${id}-summary`} className="mt-0.5 mb-2 min-h-8 text-ink-soft text-xs">
        {summary}
      </p>
      <div className="h-48 cursor-crosshair select-none">
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            data={rows}
            syncId="metrics"
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            title={title}
            desc={summary}
            onMouseDown={({ activeLabel }) => {
              const atMs = Number(activeLabel);
              if (activeLabel !== undefined) setDrag({ fromMs: atMs, toMs: atMs });
            }}
            onMouseMove={({ activeLabel }) => {
              if (drag !== null && activeLabel !== undefined) setDrag({ ...drag, toMs: Number(activeLabel) });
            }}
            onMouseUp={end}
            onMouseLeave={() => setDrag(null)}
          >
            <CartesianGrid vertical={false} stroke="var(--color-line)" />
            <XAxis
              {...AXIS}
              dataKey="atMs"
              height={22}
              type="number"
              domain={[span.fromMs, span.toMs]}
              allowDataOverflow
              ticks={timeTicks(span, TICKS, zone)}
              tickFormatter={(atMs: number) => tickText(atMs, span, zone)}
            />
            <YAxis
              {...AXIS}
              width={62}
              domain={[0, ticks.at(-1) ?? 1]}
              ticks={ticks}
              interval={0}
              axisLine={false}
              tickFormatter={(value: number) => valueText(value, unit).replaceAll(" ", "\u00a0")}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: "var(--color-outline)" }}
              content={({ active, label }) => (
                <ChartValues
                  chart={chart}
                  point={active ? points.find(({ at }) => Date.parse(at) === label) : undefined}
                  stepMs={metrics.stepSeconds * 1_000}
                  markers={markers}
                  zone={zone}
                />
              )}
            />
            {markers.map(({ at, generation, kind }) => (
              <ReferenceLine
                key={`${at} ${kind} ${generation}`}
                x={Date.parse(at)}
                stroke="var(--color-ink-soft)"
                strokeDasharray="1 3"
                ifOverflow="hidden"
              />
            ))}
            {inDrawOrder(
              series.map((one, place) => lineOf(one, place, shape, rows)),
              shape,
            )}
            {drag === null ? null : (
              <ReferenceArea x1={drag.fromMs} x2={drag.toMs} fill="var(--color-accent)" fillOpacity={0.15} />
            )}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
    </section>
  );
}

type Row = { atMs: number; values: readonly (number | null)[] };

function rowOf({ series }: ChartModel, point: MetricPoint): Row {
  return { atMs: Date.parse(point.at), values: series.map(({ value }) => value(point)) };
}

function lineOf({ key, name, colour, dash }: Series, place: number, shape: ChartModel["shape"], rows: readonly Row[]) {
  const common = {
    name,
    dataKey: ({ values }: Row) => values[place] ?? null,
    stroke: colour,
    strokeDasharray: dash,
    isAnimationActive: false,
    connectNulls: false,
    activeDot: { r: 3, fill: colour, stroke: "var(--color-surface)" },
    type: shape === "step" ? ("stepAfter" as const) : ("linear" as const),
  };
  if (shape === "stacked") {
    return <Area key={key} {...common} stackId="all" strokeWidth={1.5} fill={colour} fillOpacity={0.22} dot={false} />;
  }
  return <Line key={key} {...common} strokeWidth={2} dot={loneDot(place, colour, rows)} />;
}

/** Of a stack the last comes to lie on the ground, where the rare ones can be told apart. */
function inDrawOrder<Part>(parts: readonly Part[], shape: ChartModel["shape"]): readonly Part[] {
  return shape === "stacked" ? parts.toReversed() : parts;
}

/** A value between two gaps makes no line; it is drawn as a dot. False = there is none, and no point is looked at again. */
function loneDot(place: number, colour: string, rows: readonly Row[]) {
  const isThere = (index: number) => (rows[index]?.values[place] ?? null) !== null;
  const isLone = (index: number) => isThere(index) && !isThere(index - 1) && !isThere(index + 1);
  if (!rows.some((_, index) => isLone(index))) return false;
  return ({ cx, cy, index = -1, key }: { cx?: number; cy?: number; index?: number; key?: unknown }) =>
    isLone(index) ? <circle key={String(key)} cx={cx} cy={cy} r={2.5} fill={colour} /> : <Fragment key={String(key)} />;
}
