import { ERROR_CODES, type ErrorCode, SlipwayError } from "@slipway/contracts";
import { hold } from "../area.ts";

/** What a reader says of bytes that it refuses: an error of the table that the caller can mend. */
export function mustBeCallersFault(error: unknown): void {
  hold(error instanceof SlipwayError, "a refusal is an error of the table", () => String(stackOf(error)));
  const { code }: { code: ErrorCode } = error;
  hold(ERROR_CODES[code].owner === "caller", "garbage is its caller's fault", () => code);
  hold(error.message.length <= 2_000, "an error's sentence is short", () => error.message);
}

/** The error that a code in an answer stands for. */
export function mustBeInTable(code: unknown): ErrorCode {
  const found = typeof code === "string" ? Object.keys(ERROR_CODES).find((one) => one === code) : undefined;
  hold(found !== undefined && isCode(found), "every refusal carries a code of the table", () => String(code));
  return found;
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : String(error);
}
