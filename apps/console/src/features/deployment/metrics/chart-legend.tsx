import type { Series } from "./chart-model.ts";

/** Which line is which, by its colour and how it is dashed. */
export function ChartLegend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5 text-xs">
      {series.map(({ key, name, colour, dash }) => (
        <li key={key} className="flex items-center gap-1.5">
          <svg aria-hidden="true" width="22" height="6" className="shrink-0">
            <line x1="0" y1="3" x2="22" y2="3" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
