import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { lineOutput } from "./line-output.ts";

export type Logger = PinoLogger;
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Names of fields that never reach a log, wherever they stand in an entry. */
const SECRET_PATHS = ["authorization", "token", "secret", "password", "cookie"].flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
]);

const STANDARD_OUTPUT = 1;

/**
 * The logger of one process: JSON lines on standard output, secrets removed. A line that cannot be written is counted and
 * never an error: no process ends because of its log.
 */
export function createLogger(
  name: string,
  level: LogLevel = "info",
  destination: DestinationStream = lineOutput(STANDARD_OUTPUT, { name }),
): Logger {
  const options = {
    name,
    level,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: "[removed]" },
  };
  return pino(options, destination);
}

/** For tests and tools that want silence. */
export const silentLogger: Logger = pino({ level: "silent" });
