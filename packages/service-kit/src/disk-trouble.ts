/** What this process could not put on disk so far: one count each, whoever met it. Shown by the metrics of every process. */
export const monitored = { lostLogLines: 0, failedStateWrites: 0 };

/** A word for why something failed: the system's own code where there is one. */
export function causeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : String(error);
}
