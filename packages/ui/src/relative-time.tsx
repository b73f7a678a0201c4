"use client";
import { useState } from "react";
import { exactTime, relativeTime } from "./format-time.ts";
import { useTimeZone } from "./time-zone.tsx";

/** How long ago; the exact time shows on hover and focus, and stays after a press. Escape hides it. */
export function RelativeTime({ iso, nowMs }: { iso: string; nowMs: number }) {
  const zone = useTimeZone();
  const [isPinned, setPinned] = useState(false);
  const [isHidden, setHidden] = useState(false);
  const shown = isPinned ? "block" : isHidden ? "hidden" : "hidden group-hover:block group-focus-visible:block";
  return (
    <button
      type="button"
      aria-pressed={isPinned}
      onClick={() => setPinned(!isPinned)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || (isHidden && !isPinned)) return;
        // The key is used up: it closes this and leaves the page open.
        event.preventDefault();
        setPinned(false);
        setHidden(true);
      }}
      onBlur={() => setHidden(false)}
      onPointerLeave={() => setHidden(false)}
      className="group -my-1 relative min-h-8 cursor-pointer rounded text-left text-ink-soft whitespace-nowrap"
    >
      <time dateTime={iso}>{relativeTime(iso, nowMs)}</time>
      <span
        className={`absolute top-full right-0 z-20 rounded border border-line bg-surface px-2 py-1 text-ink text-sm shadow-md ${shown}`}
      >
        {exactTime(iso, zone)}
      </span>
    </button>
  );
}

/** The moment itself, in the zone that the person chose. */
export function ExactTime({ iso, className = "" }: { iso: string; className?: string }) {
  const zone = useTimeZone();
  return (
    <time dateTime={iso} className={`tabular-nums ${className}`}>
      {exactTime(iso, zone)}
    </time>
  );
}
