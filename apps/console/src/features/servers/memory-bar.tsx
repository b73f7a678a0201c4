import { formatMemory } from "@slipway/contracts/format-memory";
import { Badge, type Tone } from "@slipway/ui/badge";
import type { IconName } from "@slipway/ui/icon";
import { useId } from "react";
import { type Heat, heatOf, type ServerRow, usedPercent } from "./server-row.ts";

type Look = { icon: IconName; tone: Tone; word: string; tint: string; fill: string; isHatched: boolean };

/** Each heat has its word, its icon and its pattern; the colour only repeats them. */
const LOOKS: { readonly [Name in Heat]: Look } = {
  roomy: { icon: "check", tone: "good", word: "Roomy", tint: "", fill: "text-good", isHatched: false },
  filling: { icon: "pulse", tone: "busy", word: "Filling", tint: "bg-busy-soft", fill: "text-busy", isHatched: false },
  full: {
    icon: "warning",
    tone: "warn",
    word: "Nearly full",
    tint: "bg-warn-soft",
    fill: "text-warn",
    isHatched: true,
  },
  overcommitted: {
    ...{ icon: "cross", tone: "bad", word: "Overcommitted", tint: "bg-bad-soft", fill: "text-bad", isHatched: true },
  },
};

/** The tint of a memory's cell; none where nothing is known. */
export function heatTint(memory: ServerRow["memory"]): string {
  const tint = memory === null ? "" : LOOKS[heatOf(memory)].tint;
  return tint === "" ? "" : `@max-4xl:rounded-md @max-4xl:p-2 ${tint}`;
}

/**
 * How much of its replicas' memory is promised to models and how much is left, as numbers and a word, the bar only repeats
 * them; and what is really used, where that is known.
 */
export function MemoryBar({ memory, measuredBytes }: Pick<ServerRow, "memory"> & { measuredBytes: number | null }) {
  if (memory === null) return <span className="text-ink-soft leading-6">not known yet</span>;
  const { capacityBytes, usedBytes } = memory;
  const look = LOOKS[heatOf(memory)];
  return (
    <>
      <span className="block whitespace-nowrap leading-6 tabular-nums">
        <span className="font-medium">{formatMemory(usedBytes)}</span> of {formatMemory(capacityBytes)}
      </span>
      <Bar percent={usedPercent(memory)} look={look} />
      <span className="mt-1 flex flex-wrap items-center gap-x-2 text-ink-soft text-xs tabular-nums">
        <Badge {...look} isSmall /> {usedPercent(memory)} % used
      </span>
      <span className="mt-0.5 block whitespace-nowrap text-ink-soft text-xs tabular-nums">
        {usedBytes > capacityBytes
          ? `${formatMemory(usedBytes - capacityBytes)} more than there is`
          : `${formatMemory(capacityBytes - usedBytes)} free`}
      </span>
      <span className="block whitespace-nowrap text-ink-soft text-xs tabular-nums">
        {measuredBytes === null ? "measured: not known" : `${formatMemory(measuredBytes)} measured`}
      </span>
    </>
  );
}

/** What is used, hatched where it is nearly all; beyond the line is what is promised without being there. */
function Bar({ percent, look: { fill, isHatched } }: { percent: number; look: Look }) {
  const hatch = useId();
  const width = Math.max(100, percent);
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} 8`}
      preserveAspectRatio="none"
      className={`mt-1 h-2.5 w-full max-w-40 overflow-hidden rounded-full border border-outline bg-surface ${fill}`}
    >
      <defs>
        <pattern id={hatch} width="6" height="8" patternUnits="userSpaceOnUse">
          <path d="M0 8 4 0h2L2 8z" fill="currentColor" />
        </pattern>
      </defs>
      <rect width={percent} height="8" fill={isHatched ? `url(#${hatch})` : "currentColor"} />
      {percent > 100 ? <rect x="99" width="2" height="8" className="fill-ink" /> : null}
    </svg>
  );
}
