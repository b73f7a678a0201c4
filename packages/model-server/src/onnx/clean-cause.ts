const MAX_CAUSE_LENGTH = 240;

/** What a runtime's message says about the model, short and without paths of this machine. */
export function cleanCause(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = message
    .replace(/Load model from .*? failed:\s*/, "")
    .replace(/\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /g, "")
    .replace(/(?:^|(?<=[\s"'(:]))\/[\w.+-]+(?:\/[\w.+-]+)+(?::\d+)?/g, "…")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > MAX_CAUSE_LENGTH ? `${text.slice(0, MAX_CAUSE_LENGTH - 1)}…` : text || "no cause was given";
}
