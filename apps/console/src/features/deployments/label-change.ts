/** Labels to give as they are typed: `team=growth`, one a line or with commas between. */
export type Typed = { set: Record<string, string>; problem: string };

/** Reads them; `problem` says in words which part is none, and is empty when all are. */
export function readTypedLabels(text: string): Typed {
  const parts = text
    .split(/[\n,]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const wrong = parts.find((part) => part.indexOf("=") < 1);
  if (wrong !== undefined) return { set: {}, problem: `“${wrong}” must be name=value, as team=growth.` };
  const pairs = parts.map((part) => [
    part.slice(0, part.indexOf("=")).trim(),
    part.slice(part.indexOf("=") + 1).trim(),
  ]);
  return { set: Object.fromEntries(pairs), problem: "" };
}

/** The names of labels that these lines have, each with how many have it. */
export function labelNames(rows: readonly { labels: Record<string, string> }[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { labels } of rows) for (const name of Object.keys(labels)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
