const STAMP = /"time":"([^"]{1,40})"/;

/** When a line of our own loggers was written, in milliseconds since 1970; null for any other text. */
export function timeOfLine(text: string): number | null {
  const stamp = STAMP.exec(text)?.[1];
  const atMs = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isNaN(atMs) ? null : atMs;
}
