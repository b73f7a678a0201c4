export const FROM_PARAMETER = "from";
export const TO_PARAMETER = "to";

/** Which two revisions are compared. */
export type Comparison = { from: number; to: number };

/** What a URL names; for what it leaves out, the two newest. `generations` = the newest first, at least two. */
export function comparisonOf(parameters: Pick<URLSearchParams, "get">, generations: readonly number[]): Comparison {
  const [newest = 1, before = newest] = generations;
  const named = (parameter: string) => {
    const number = Number(parameters.get(parameter));
    return Number.isInteger(number) && number >= 1 ? number : null;
  };
  return { from: named(FROM_PARAMETER) ?? before, to: named(TO_PARAMETER) ?? newest };
}
