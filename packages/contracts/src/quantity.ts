import * as z from "zod";

/** Kubernetes' suffixes of a quantity of memory, in bytes. */
const MEMORY_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
const MEMORY_PATTERN = /^(\d{1,15}(?:\.\d{1,3})?)(|k|M|G|T|Ki|Mi|Gi|Ti)$/;
const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION_PATTERN = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

/** Bytes of a quantity such as `200Mi` or `1.5G`; null when it is not one or not a safe integer. */
export function parseMemory(text: string): number | null {
  const match = MEMORY_PATTERN.exec(text);
  const unit = MEMORY_UNITS[match?.[2] ?? ""];
  if (match?.[1] === undefined || unit === undefined) return null;
  const bytes = Math.ceil(Number(match[1]) * unit);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** Milliseconds of a duration such as `30s` or `5m`; null when it is not one. */
export function parseDuration(text: string): number | null {
  const match = DURATION_PATTERN.exec(text);
  const unit = DURATION_UNITS[match?.[2] ?? ""];
  if (match?.[1] === undefined || unit === undefined) return null;
  return Math.round(Number(match[1]) * unit);
}

export const MEMORY_RULE = "must be a quantity of memory above zero such as 200Mi, 1.5Gi or 500M";

/** A quantity of memory, kept as written (so that a manifest reads back as it was); see `parseMemory` for its bytes. */
export const memoryQuantity = z.union([z.string(), z.int().nonnegative().transform(String)]).refine((text) => {
  const bytes = parseMemory(text);
  return bytes !== null && bytes > 0;
}, MEMORY_RULE);

/** A duration, kept as written; see `parseDuration` for its milliseconds. */
export function durationBetween(least: string, most: string) {
  const min = parseDuration(least) ?? 0;
  const max = parseDuration(most) ?? Number.MAX_SAFE_INTEGER;
  return z.string().refine((text) => {
    const ms = parseDuration(text);
    return ms !== null && ms >= min && ms <= max;
  }, `must be a duration from ${least} to ${most} such as 30s or 5m`);
}

/** Bytes of a quantity that a schema has already accepted. */
export function memoryBytes(quantity: string): number {
  return parseMemory(quantity) ?? 0;
}

/** Milliseconds of a duration that a schema has already accepted. */
export function durationMs(duration: string): number {
  return parseDuration(duration) ?? 0;
}
