import { SlipwayError } from "@slipway/contracts";
import { databaseErrorCode, isDatabaseUnavailable } from "@slipway/db";

/** What Postgres says of a value that a column or an expression cannot have. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;

/**
 * The error as callers may know it: that of a database that is away, or of a value that it refuses, is one of the table; any
 * other stays as it is. Values are checked where they come in; that the database refuses one is the net below.
 */
export function publicError(error: unknown): unknown {
  if (error instanceof SlipwayError) return error;
  if (isDatabaseUnavailable(error)) return new SlipwayError("database/unavailable", {}, { cause: error });
  if (!DATA_EXCEPTION.test(databaseErrorCode(error) ?? "")) return error;
  const problem = "A value of the request is not one that can be stored or looked for.";
  return new SlipwayError("request/invalid", { problem }, { cause: error });
}
