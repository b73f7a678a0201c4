/** How a command ended, for scripts. The help and the reference page show this table. */
export const EXIT_CODES = {
  done: { code: 0, means: "done" },
  failed: { code: 1, means: "it failed: the platform or the model says why" },
  badInput: { code: 2, means: "wrong usage, or an input that is not valid; nothing was changed" },
  notFound: { code: 3, means: "there is no such thing" },
  conflict: { code: 4, means: "somebody else changed it, or its state does not allow it" },
  unreachable: { code: 5, means: "Slipway is not running, or not reachable" },
  timeout: { code: 6, means: "it did not happen in time" },
  notAllowed: { code: 7, means: "the credential is missing, unknown, over, or may not do this" },
  interrupted: { code: 130, means: "interrupted with Ctrl-C" },
} as const;
export type ExitReason = keyof typeof EXIT_CODES;

/** What an HTTP answer that is not a success means for a script. */
export function exitReasonOf(httpStatus: number): ExitReason {
  switch (httpStatus) {
    case 401:
    case 403:
      return "notAllowed";
    case 404:
      return "notFound";
    case 409:
    case 410:
      return "conflict";
    case 504:
      return "timeout";
    default:
      return httpStatus < 500 && httpStatus !== 429 ? "badInput" : "failed";
  }
}

/** The table as text, one line a code. */
export function exitCodeLines(): string[] {
  return Object.values(EXIT_CODES).map(({ code, means }) => `${String(code).padStart(5)}  ${means}`);
}
