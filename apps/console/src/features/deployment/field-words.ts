/** A value of a spec as a table shows it. */
export function fieldWords(value: unknown): string {
  if (value === null || value === undefined) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}
