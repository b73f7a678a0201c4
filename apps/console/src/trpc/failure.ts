import { isCallError } from "./call-error.ts";

/** A failed call as a page shows it. */
export type Failure = {
  /** A code of the error table; empty when the API did not answer. */
  code: string;
  /** The API's own sentence. */
  words: string;
  /** What to do about it; empty when there is nothing. */
  check: string;
  /** What is wrong with each field of the input, by its path. */
  problems: { field: string; message: string }[];
};

/** The API's own words of an error, or that it did not answer. */
export function failureOf(error: unknown): Failure {
  const body = isCallError(error) ? error.data?.error : undefined;
  if (body === undefined) {
    return { code: "", words: "Slipway does not answer.", check: "Try again in a moment.", problems: [] };
  }
  return { code: body.code, words: body.error, check: body.check ?? "", problems: body.problems ?? [] };
}

/** The words for one field; empty when nothing is wrong with it. */
export function problemOf(failure: Failure | null, field: string): string {
  const found = failure?.problems.filter((problem) => problem.field === field || problem.field.endsWith(`.${field}`));
  return (found ?? []).map(({ message }) => `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`).join(" ");
}
