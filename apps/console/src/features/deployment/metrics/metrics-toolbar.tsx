import type { DeploymentMetrics } from "@slipway/contracts";
import { Button, buttonClass } from "@slipway/ui/button";
import { TextField } from "@slipway/ui/field";
import { useTimeZone } from "@slipway/ui/time-zone";
import { type SyntheticEvent, useState } from "react";
import { type ChartRange, fieldText, RANGES, typedRange, zoomed } from "./chart-range.ts";
import { metricsCsv } from "./metrics-csv.ts";

type Props = {
  range: ChartRange;
  metrics: DeploymentMetrics;
  name: string;
  choose: (range: ChartRange) => void;
  isPaused: boolean;
  setPaused: (isPaused: boolean) => void;
  isTable: boolean;
  setTable: (isTable: boolean) => void;
};

/** The range of all charts, whether they move, and the other ways to have what they show. */
export function MetricsToolbar({ range, metrics, name, choose, isPaused, setPaused, isTable, setTable }: Props) {
  const [isOpen, setOpen] = useState(false);
  const span = { fromMs: Date.parse(metrics.from), toMs: Date.parse(metrics.to) };
  const isCustom = range.kind === "fixed";
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Range</legend>
          {RANGES.map((one) => {
            const isCurrent = range.kind === "recent" && range.name === one.name;
            return (
              <Button
                key={one.name}
                look={isCurrent ? "plain" : "quiet"}
                aria-pressed={isCurrent}
                onClick={() => choose({ kind: "recent", name: one.name })}
              >
                {one.words}
              </Button>
            );
          })}
          <Button
            look={isCustom ? "plain" : "quiet"}
            aria-pressed={isCustom}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            From – to
          </Button>
        </fieldset>
        <fieldset className="flex gap-1">
          <legend className="sr-only">Zoom</legend>
          <Button onClick={() => choose(zoomed(span, 0.5, Date.now()))}>Zoom in</Button>
          <Button onClick={() => choose(zoomed(span, 2, Date.now()))}>Zoom out</Button>
        </fieldset>
        <div className="flex flex-wrap gap-1 sm:ml-auto">
          {range.kind === "recent" ? (
            <Button aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
              {isPaused ? "Paused" : "Pause"}
            </Button>
          ) : null}
          <Button aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            Show as table
          </Button>
          <a
            href={`data:text/csv;charset=utf-8,${encodeURIComponent(metricsCsv(metrics.points))}`}
            download={`${name}-metrics.csv`}
            className={buttonClass("plain")}
          >
            Download CSV
          </a>
        </div>
      </div>
      {isOpen ? <CustomRange span={span} choose={choose} /> : null}
    </div>
  );
}

function CustomRange({ span, choose }: { span: { fromMs: number; toMs: number }; choose: Props["choose"] }) {
  const zone = useTimeZone();
  const [from, setFrom] = useState(() => fieldText(span.fromMs, zone));
  const [to, setTo] = useState(() => fieldText(span.toMs, zone));
  const [problem, setProblem] = useState("");

  function apply(event: SyntheticEvent) {
    event.preventDefault();
    const range = typedRange(from, to, zone);
    setProblem("problem" in range ? range.problem : "");
    if (!("problem" in range)) choose(range);
  }

  return (
    <form
      noValidate
      onSubmit={apply}
      className="grid items-start gap-3 rounded-xl border border-line bg-surface p-4 sm:grid-cols-[14rem_14rem_auto] sm:justify-start"
    >
      <TextField
        type="datetime-local"
        label="From"
        value={from}
        onChange={({ target }) => setFrom(target.value)}
        hint={zone}
      />
      <TextField
        type="datetime-local"
        label="To"
        value={to}
        onChange={({ target }) => setTo(target.value)}
        error={problem}
        hint={zone}
      />
      <Button type="submit" look="primary" className="min-h-9 sm:mt-6">
        Show
      </Button>
    </form>
  );
}
