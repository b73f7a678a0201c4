/** A line through values from 0 to their highest, as an SVG path; a missing value is a gap, a lone one a short dash. */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const peak = Math.max(...values.map((value) => value ?? 0), 0);
  const stepX = width / Math.max(values.length - 1, 1);
  const place = (value: number) => round(peak === 0 ? height : height - (value / peak) * height);
  const parts: string[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const isBegun = index > 0 && values[index - 1] !== null;
    parts.push(`${isBegun ? "L" : "M"}${round(index * stepX)} ${place(value)}`);
    const isLone = !isBegun && (values[index + 1] ?? null) === null;
    if (isLone) parts.push("h1");
  }
  return parts.join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
