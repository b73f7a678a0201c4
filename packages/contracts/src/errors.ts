import { ERROR_CODES, type ErrorCode, type ErrorData } from "./error-codes.ts";

/** One thing wrong with an input: where, and in words what was given and what is allowed. */
export type Problem = {
  field: string;
  message: string;
  /** Where in the text that was sent; unsaid for what stands at no place of it. */
  position?: Position;
};

/** A place in a text; both count from 1. */
export type Position = { line: number; column: number };

/** The body of every error answer. `error` is a string, so that Open Inference clients can read it. */
export type ErrorBody = {
  error: string;
  code: ErrorCode;
  field?: string;
  check?: string;
  problems?: Problem[];
  requestId: string;
  /** Only for tensor errors: what the model expects. */
  signature?: unknown;
};

/**
 * Every error that a caller may see. The text comes from the table and carries no internal detail;
 * the `cause` is for the log alone.
 */
export class SlipwayError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "SlipwayError";
  readonly code: Code;
  readonly data: ErrorData<Code>;
  readonly field: string | undefined;
  readonly problems: Problem[] | undefined;

  constructor(
    code: Code,
    data: ErrorData<Code>,
    options: { cause?: unknown; field?: string; problems?: Problem[] } = {},
  ) {
    super(ERROR_CODES[code].text(data), { cause: options.cause });
    this.code = code;
    this.data = data;
    this.field = options.field;
    this.problems = options.problems;
  }

  get http(): number {
    return ERROR_CODES[this.code].http;
  }

  /** What the caller can do about it; empty when there is nothing. */
  get check(): string {
    return ERROR_CODES[this.code].check;
  }
}

/** The answer to an error. An unknown one shows nothing of itself. */
export function toErrorBody(error: unknown, requestId: string): { http: number; body: ErrorBody } {
  const known = error instanceof SlipwayError ? error : new SlipwayError("internal", {}, { cause: error });
  return {
    http: known.http,
    body: {
      error: known.message,
      code: known.code,
      ...(known.field === undefined ? {} : { field: known.field }),
      ...(known.check === "" ? {} : { check: known.check }),
      ...(known.problems === undefined ? {} : { problems: known.problems }),
      requestId,
    },
  };
}
