import { isStorableTime, METRIC_POINTS_LIMIT, METRIC_STEPS, SlipwayError } from "@slipway/contracts";

/** Lengths that a point may have: what a reader of a chart can name, each a multiple of a stored window. */
const POINT_SECONDS = [10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 21_600] as const;
const LONGEST_MS = METRIC_STEPS[METRIC_STEPS.length - 1]?.keepMs ?? 0;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A range of time in milliseconds since 1970, the end not included. */
export type MetricRange = { fromMs: number; toMs: number };

/** How a range is cut: into points of `pointSeconds`, made of stored windows of `storedSeconds`. */
export type MetricStep = { pointSeconds: number; storedSeconds: number };

/**
 * Reads `from` and `to`: a time in ISO 8601, or one before now as `-15m`, `-1h`, `-24h`, `-7d`. Unsaid: the last hour.
 * @throws request/invalid naming the field
 */
export function readRange(given: { from?: string; to?: string }, nowMs: number): MetricRange {
  const toMs = given.to === undefined ? nowMs : readTime("to", given.to, nowMs);
  const fromMs = given.from === undefined ? toMs - 3_600_000 : readTime("from", given.from, nowMs);
  if (fromMs >= toMs) throw invalid("from", "from must be before to.");
  if (fromMs < nowMs - LONGEST_MS - 60_000) {
    throw invalid("from", `from is longer ago than metrics are kept, which is ${LONGEST_MS / 86_400_000} days.`);
  }
  return { fromMs, toMs: Math.min(toMs, nowMs) };
}

/** The finest points that are at most 500 and whose windows are still kept for the whole range. */
export function chooseStep({ fromMs, toMs }: MetricRange, nowMs: number): MetricStep {
  const kept = METRIC_STEPS.filter(({ keepMs }) => fromMs >= nowMs - keepMs);
  for (const pointSeconds of POINT_SECONDS) {
    const count = Math.ceil(toMs / 1_000 / pointSeconds) - Math.floor(fromMs / 1_000 / pointSeconds);
    if (count > METRIC_POINTS_LIMIT) continue;
    // The coarsest that divides it means the fewest rows; all of them hold the same counts.
    const stored = kept.findLast(({ seconds }) => pointSeconds % seconds === 0);
    if (stored !== undefined) return { pointSeconds, storedSeconds: stored.seconds };
  }
  return { pointSeconds: 21_600, storedSeconds: 600 };
}

/** A moment in ISO 8601, or one before now as `-15m`; milliseconds since 1970. @throws request/invalid naming the field */
export function readTime(field: "from" | "to", text: string, nowMs: number): number {
  const [, amount, unit = ""] = /^-(\d{1,7})([smhd])$/.exec(text) ?? [];
  const isIso = /^\d{4}-\d\d-\d\dT/.test(text);
  const said = isIso ? Date.parse(text) : Number.NaN;
  const atMs = amount === undefined ? said : nowMs - Number(amount) * (UNITS[unit] ?? 0);
  if (isStorableTime(atMs)) return atMs;
  const given = JSON.stringify(text.slice(0, 40));
  throw invalid(field, `${field} is ${given}; a time as 2026-01-31T12:00:00Z or one before now as -15m is allowed.`);
}

function invalid(field: string, problem: string): SlipwayError {
  return new SlipwayError("request/invalid", { problem }, { field });
}
