import type { ErrorBody } from "@slipway/contracts";

/** What the API says with an error, as packages/api forms it. */
type ErrorData = { httpStatus: number; error: ErrorBody };

/** A call that failed: with the API's own words, or (`data` null) because it did not answer as the API does. */
export class CallError extends Error {
  readonly data: ErrorData | null;

  constructor(message: string, data: ErrorData | null, options?: ErrorOptions) {
    super(message, options);
    this.data = data;
  }
}

/** Whether an error says that nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof CallError && error.data?.httpStatus === 401;
}
