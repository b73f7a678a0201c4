import type { LogVolume as Volume } from "@slipway/contracts";
import { useTimeZone } from "@slipway/ui/time-zone";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { VolumeBars } from "./volume-bars.tsx";
import { barAt, barOf, barWords, lineOfBar, timesOf, volumeWords } from "./volume-model.ts";
import { VolumeTable } from "./volume-table.tsx";

type Props = {
  volume: Volume;
  /** When the line was written that somebody is at; null when at none. */
  currentMs: number | null;
  /** Whether only lines are counted in which something was found. */
  isOfMatches: boolean;
  onGo: (line: string) => void;
  onNarrow: (times: { since: string; until: string }) => void;
};

/** The bars from one to another; a single one when both are the same. */
type Span = { from: number; to: number };

const STEPS: Readonly<Record<string, number>> = {
  ...{ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10 },
  ...{ Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY },
};

/**
 * Lines over time. A bar leads to its lines; some bars together, dragged across or chosen with Shift, leave only their
 * lines. Everything that it shows is in words and in a table too.
 */
export function LogVolume({ volume, currentMs, isOfMatches, onGo, onNarrow }: Props) {
  const zone = useTimeZone();
  const [chosen, setChosen] = useState<Span | null>(null);
  const [isDragging, setDragging] = useState(false);
  const { bars } = volume;
  if (bars.length === 0) return null;
  const at = currentMs === null || currentMs === 0 ? bars.length - 1 : barOf(currentMs, volume);
  const limit = (bar: number) => Math.min(bars.length - 1, Math.max(0, bar));
  const span = chosen === null ? { from: at, to: at } : { from: limit(chosen.from), to: limit(chosen.to) };

  function use({ from, to }: Span) {
    if (from !== to) return onNarrow(timesOf(volume, from, to));
    const line = lineOfBar(bars, from);
    if (line !== null) onGo(line);
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const to = limit(span.to + step);
      setChosen({ from: event.shiftKey ? span.from : to, to });
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      use(span);
      setChosen(null);
    } else if (event.key === "Escape" && chosen !== null) {
      event.preventDefault();
      setChosen(null);
    }
  }
  const barUnder = ({ clientX, currentTarget }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return barAt((clientX - left) / width, bars.length);
  };
  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragging(true);
    const from = barUnder(event);
    setChosen({ from, to: from });
  }
  function onPointerMove(event: PointerEvent) {
    const to = barUnder(event);
    if (isDragging) setChosen((held) => ({ from: held?.from ?? to, to }));
    else if (event.pointerType === "mouse") setChosen({ from: to, to });
  }
  function onPointerUp() {
    if (isDragging && chosen !== null) use(span);
    letGo();
  }
  function letGo() {
    setDragging(false);
    setChosen(null);
  }

  const words = barWords(volume, span.from, span.to, zone);
  return (
    <section aria-label="Lines over time" className="grid grid-cols-[minmax(0,1fr)] gap-1">
      <p className="text-ink-soft text-xs tabular-nums">
        {isOfMatches ? "Found: " : ""}
        {chosen === null ? volumeWords(volume, zone) : words}
      </p>
      <div
        role="slider"
        tabIndex={0}
        aria-label="Time in the log; Enter goes there"
        aria-valuemin={0}
        aria-valuemax={bars.length - 1}
        aria-valuenow={span.to}
        aria-valuetext={words}
        title="Click to go there, drag to see only that time"
        className="cursor-pointer touch-pan-y rounded-md border border-line bg-surface px-1 pt-1"
        onKeyDown={onKeyDown}
        onBlur={() => setChosen(null)}
        onPointerLeave={() => (isDragging ? undefined : setChosen(null))}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={letGo}
      >
        <VolumeBars bars={bars} from={Math.min(span.from, span.to)} to={Math.max(span.from, span.to)} />
      </div>
      <VolumeTable {...{ volume, zone, onGo }} />
    </section>
  );
}
