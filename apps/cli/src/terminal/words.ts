import type { Health, Lifecycle, ReplicaCounts } from "@slipway/contracts";
import type { Cell } from "./table.ts";
import type { Colours } from "./terminal.ts";

const UNITS: readonly [size: number, word: string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

/** How long ago, or how long until, in the largest unit that fits: `3 min ago`, `in 30 d`. */
export function relativeTime(iso: string, nowMs: number): string {
  const distance = nowMs - Date.parse(iso);
  const [size, word] = UNITS.find(([unit]) => Math.abs(distance) >= unit) ?? [0, ""];
  if (size === 0) return "now";
  // What is gone by counts when it is full; what lies ahead was set in full units a moment ago.
  return distance >= 0
    ? `${Math.floor(distance / size)} ${word} ago`
    : `in ${Math.round(Math.abs(distance) / size)} ${word}`;
}

/** `2/3`, and how many are on their way. */
export function replicas(counts: ReplicaCounts): string {
  const ready = `${counts.ready}/${counts.wanted}`;
  return counts.starting > 0 ? `${ready} (${counts.starting} starting)` : ready;
}

/** A health with its colour; the word alone says it too. */
export function healthCell(health: Health, colours: Colours): Cell {
  switch (health) {
    case "Healthy":
      return { text: health, paint: colours.green };
    case "Degraded":
      return { text: health, paint: colours.yellow };
    case "Failed":
      return { text: health, paint: colours.red };
    case "Unknown":
      return { text: health, paint: colours.dim };
    default:
      return health satisfies never;
  }
}

/** A lifecycle with its colour; the word alone says it too. */
export function lifecycleCell(lifecycle: Lifecycle, colours: Colours): Cell {
  switch (lifecycle) {
    case "Live":
      return { text: lifecycle, paint: colours.green };
    case "Pending":
    case "Deploying":
    case "Updating":
    case "Stopping":
    case "Deleting":
      return { text: lifecycle, paint: colours.cyan };
    case "Stopped":
    case "ScaledToZero":
      return { text: lifecycle, paint: colours.dim };
    default:
      return lifecycle satisfies never;
  }
}
