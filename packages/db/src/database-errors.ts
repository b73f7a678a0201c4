import * as z from "zod";

const withCode = z.object({ code: z.string() });

/** Transactions that may simply run again: serialization failure and deadlock. */
const RETRYABLE = new Set(["40001", "40P01"]);
/** The server is gone, going, not there yet or too busy to answer in time; and what Node says of its socket. */
const UNAVAILABLE = new Set([
  "25P03",
  "55P03",
  "57014",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
]);
const UNAVAILABLE_MESSAGE =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** The SQLSTATE of an error of Postgres, or the code of Node or Prisma; null when it has none. */
export function databaseErrorCode(error: unknown): string | null {
  const parsed = withCode.safeParse(error);
  return parsed.success ? parsed.data.code : null;
}

/** Whether the same transaction, run again, may succeed. */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(databaseErrorCode(error) ?? "");
}

/** Whether the database could not be reached, or went away; what was sent may or may not be stored. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = databaseErrorCode(error) ?? "";
  if (UNAVAILABLE.has(code) || code.startsWith("08")) return true;
  if (!(error instanceof Error)) return false;
  return UNAVAILABLE_MESSAGE.test(error.message) || (error.cause !== undefined && isDatabaseUnavailable(error.cause));
}
