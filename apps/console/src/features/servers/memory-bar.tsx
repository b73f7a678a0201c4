import { readableBytes, type ServerRow, usedPercent } from "./server-row.ts";

/** Above this nearly every model finds no room any more. */
const NEARLY_FULL_PERCENT = 90;

/**
 * How much of its replicas' memory is promised to models and how much is left, as numbers, the bar only repeats them; and what
 * is really used, where that is known.
 */
export function MemoryBar({ memory, measuredBytes }: Pick<ServerRow, "memory"> & { measuredBytes: number | null }) {
  if (memory === null) return <span className="text-ink-soft leading-6">not known yet</span>;
  const percent = usedPercent(memory);
  return (
    <>
      <span className="block whitespace-nowrap leading-6 tabular-nums">
        <span className="font-medium">{readableBytes(memory.usedBytes)}</span> of {readableBytes(memory.capacityBytes)}
      </span>
      <svg
        aria-hidden="true"
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        className="mt-1 h-2 w-full max-w-40 overflow-hidden rounded-full border border-outline bg-quiet-soft"
      >
        <rect
          width={Math.min(100, percent)}
          height="8"
          className={percent >= NEARLY_FULL_PERCENT ? "fill-warn" : "fill-accent"}
        />
      </svg>
      <span className="mt-0.5 block text-ink-soft text-xs tabular-nums">{percent} % used</span>
      <span className="block whitespace-nowrap text-ink-soft text-xs tabular-nums">
        {readableBytes(Math.max(0, memory.capacityBytes - memory.usedBytes))} free
      </span>
      <span className="block whitespace-nowrap text-ink-soft text-xs tabular-nums">
        {measuredBytes === null ? "measured: not known" : `${readableBytes(measuredBytes)} measured`}
      </span>
    </>
  );
}
