"use client";
import { useState } from "react";

const UNITS: readonly [sizeMs: number, word: string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];
/** Below this it is `now`: a counter of seconds would only be noise. */
const NOW_MS = 10_000;

/** `3 min ago`, in the largest unit that fits. */
export function relativeTime(iso: string, nowMs: number): string {
  const agoMs = Math.max(0, nowMs - Date.parse(iso));
  const [sizeMs, word] = UNITS.find(([unit]) => agoMs >= unit) ?? [1, ""];
  return agoMs < NOW_MS ? "now" : `${Math.floor(agoMs / sizeMs)} ${word} ago`;
}

/** `2026-03-01 12:00:00 UTC` */
export function exactTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** How long ago; the exact time shows on hover and focus, and stays after a press. */
export function RelativeTime({ iso, nowMs }: { iso: string; nowMs: number }) {
  const [isPinned, setPinned] = useState(false);
  return (
    <button
      type="button"
      aria-pressed={isPinned}
      onClick={() => setPinned(!isPinned)}
      className="group -my-1 relative min-h-8 cursor-pointer rounded text-left text-ink-soft whitespace-nowrap"
    >
      <time dateTime={iso}>{relativeTime(iso, nowMs)}</time>
      <span
        className={`absolute top-full right-0 z-20 rounded border border-line bg-surface px-2 py-1 text-ink text-sm shadow-md ${
          isPinned ? "block" : "hidden group-hover:block group-focus-visible:block"
        }`}
      >
        {exactTime(iso)}
      </span>
    </button>
  );
}
