import { type FieldName, fieldAt, LABELS } from "./form-fields.ts";
import { getIn, isEqual, type Tree } from "./manifest-value.ts";
import type { NameState } from "./use-name-check.ts";
import type { PreflightProblem } from "./use-preflight.ts";

/** One thing to mend: at a field of the form, or at none of them, then in the text. */
export type FormProblem = { field: FieldName | null; words: string; line: number | null };

/** The problems that an answer about `asked` still says of `now`: what was changed since may be mended already. */
export function standingProblems(problems: readonly PreflightProblem[], asked: Tree, now: Tree): PreflightProblem[] {
  return problems.filter(({ field }) => {
    const path = field === "" ? [] : field.split(".");
    return path.length === 0 || isEqual(getIn(asked, path), getIn(now, path));
  });
}

/** The API's problems as the form says them, each once; what the check of the name says better stays out. */
export function formProblems(problems: readonly PreflightProblem[], name: NameState): FormProblem[] {
  const refusal: FormProblem[] = name.state === "refused" ? [{ field: "name", words: name.problem, line: null }] : [];
  const others = problems.flatMap(({ field, message, position }): FormProblem[] => {
    const own = fieldAt(field);
    if (own === "name" && name.state === "refused") return [];
    // Several rules that nothing breaks at once are one thing to do.
    if (own !== null && message.startsWith('is "";'))
      return [{ field: own, words: "Is required.", line: position?.line ?? null }];
    // A path keeps its case.
    const words = own === null && field !== "" ? ended(`${field} ${message}`) : ended(capital(message));
    return [{ field: own, words, line: position?.line ?? null }];
  });
  const all = [...refusal, ...others];
  return all.filter((one, at) => all.findIndex((other) => listWords(other) === listWords(one)) === at);
}

/** What is wrong with one field, in words; empty when nothing is. */
export function wordsAt(problems: readonly FormProblem[], field: FieldName): string {
  return problems
    .filter((problem) => problem.field === field)
    .map(({ words }) => words)
    .join(" ");
}

/** A problem as a line of a list says it, where its field does not stand beside it. */
export function listWords({ field, words, line }: FormProblem): string {
  const where = field === null ? (line === null ? "" : `Line ${line}: `) : `${LABELS[field]}: `;
  return `${where}${words}`;
}

function capital(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function ended(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
