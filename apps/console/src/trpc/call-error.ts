import type { AppRouter } from "@slipway/api";
import { TRPCClientError } from "@trpc/client";

/** Whether an error is a call's that failed: with the API's own words, or (no `data`) because it did not answer as the API does. */
export function isCallError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}

/** Whether an error says that nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  return isCallError(error) && error.data?.httpStatus === 401;
}
