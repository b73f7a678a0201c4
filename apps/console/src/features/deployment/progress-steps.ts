import type { ProgressStep } from "@slipway/contracts";

/** One line of the checklist, with how long after the step before it was done; null where that is not known. */
export type TimedStep = ProgressStep & { tookMs: number | null };

/** Times each step from the one before it. */
export function timedSteps(progress: readonly ProgressStep[]): TimedStep[] {
  return progress.map((step, index) => {
    const before = progress[index - 1];
    const isTimed = step.state === "done" && step.at !== null && before?.state === "done" && before.at !== null;
    return { ...step, tookMs: isTimed ? Math.max(0, Date.parse(step.at ?? "") - Date.parse(before.at ?? "")) : null };
  });
}

/** `0.4 s`, `12 s`, `3 min 5 s` */
export function durationWords(ms: number): string {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
