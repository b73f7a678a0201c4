import { SlipwayError } from "@slipway/contracts";
import { isDatabaseUnavailable } from "@slipway/db";

/** The error as callers may know it: that of a database that is away is one of the table; any other stays as it is. */
export function publicError(error: unknown): unknown {
  if (error instanceof SlipwayError || !isDatabaseUnavailable(error)) return error;
  return new SlipwayError("database/unavailable", {}, { cause: error });
}
