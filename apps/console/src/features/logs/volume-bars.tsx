import type { LogBar } from "@slipway/contracts";
import { memo, useId } from "react";
import { BAR_PX, heightsOf } from "./volume-model.ts";

/** Room below the bars for the crosses that mark errors. */
const MARK_PX = 10;

/** The bars, those from one to another set off. Warnings are hatched and errors marked by a cross, so that no colour is needed. */
export const VolumeBars = memo(function VolumeBars({
  bars,
  from,
  to,
}: {
  bars: readonly LogBar[];
  from: number;
  to: number;
}) {
  const hatch = useId();
  const heights = heightsOf(bars);
  const share = (count: number) => `${(count / bars.length) * 100}%`;
  return (
    <svg aria-hidden="true" width="100%" height={BAR_PX + MARK_PX} className="block">
      <defs>
        <pattern id={hatch} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="4" className="fill-warn-soft" />
          <rect width="2" height="4" className="fill-warn" />
        </pattern>
      </defs>
      <rect x={share(from)} width={share(to - from + 1)} height="100%" className="fill-busy-soft stroke-accent" />
      {bars.map(({ atMs, error: errors }, at) => {
        const { error, warn, other } = heights[at] ?? { error: 0, warn: 0, other: 0 };
        const x = share(at + 0.1);
        const width = share(0.8);
        return (
          <g key={atMs}>
            <rect {...{ x, width }} y={BAR_PX - error - warn - other} height={other} className="fill-quiet" />
            <rect {...{ x, width }} y={BAR_PX - error - warn} height={warn} fill={`url(#${hatch})`} />
            <rect {...{ x, width }} y={BAR_PX - error} height={error} className="fill-bad" />
            {errors === 0 ? null : (
              <text x={share(at + 0.5)} y={BAR_PX + MARK_PX - 1} textAnchor="middle" fontSize="12" className="fill-bad">
                ×
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
});
