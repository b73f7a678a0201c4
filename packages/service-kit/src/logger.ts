import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";

export type Logger = PinoLogger;
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Names of fields that never reach a log, wherever they stand in an entry. */
const SECRET_PATHS = ["authorization", "token", "secret", "password", "cookie"].flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
]);

/** The logger of one process: JSON lines on standard output, secrets removed. */
export function createLogger(name: string, level: LogLevel = "info", destination?: DestinationStream): Logger {
  const options = {
    name,
    level,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: "[removed]" },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** For tests and tools that want silence. */
export const silentLogger: Logger = pino({ level: "silent" });
