import { ERROR_CODES, type ErrorCode, type ErrorData } from "@slipway/contracts";
import type { Problem } from "../snapshot/types.ts";

/** What a filter says: yes, or why not. */
export type Verdict = { pass: true } | { pass: false; problem: Problem };

export const pass: Verdict = { pass: true };

/** An error of the table as data. */
export function problem<Code extends ErrorCode>(code: Code, data: ErrorData<Code>): Problem {
  return { code, text: ERROR_CODES[code].text(data) };
}

/** A filter's no, in the words of the error table. */
export function fail<Code extends ErrorCode>(code: Code, data: ErrorData<Code>): Verdict {
  return { pass: false, problem: problem(code, data) };
}
