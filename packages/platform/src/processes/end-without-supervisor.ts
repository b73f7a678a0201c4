import { readFileSync } from "node:fs";
import { causeOf, isRunning, processIdentity, readProcessRecord, signalProcess } from "@slipway/service-kit";

// Loaded before the program of every process that a supervisor starts (node --import): a platform whose supervisor was killed
// serves on, so that the next start can take it over, but not for ever. After a minute alone its processes end by themselves.

const LOOK_EVERY_MS = 2_000;
const ALONE_FOR_MS = 60_000;

// biome-ignore lint/style/noProcessEnv: this runs before the program that it watches for has read its settings
const env = process.env;
const { SLIPWAY_SUPERVISOR_RECORD: lockFile, SLIPWAY_PROCESS_RECORD_DIR: recordDir } = env;
/** In milliseconds; tests do not wait for a minute. */
const aloneForMs = Number(env.SLIPWAY_SUPERVISOR_GRACE_MS ?? ALONE_FOR_MS);

function isSupervised(path: string): boolean {
  try {
    return isRunning(processIdentity.parse(JSON.parse(readFileSync(path, "utf8"))));
  } catch (error) {
    // A file that cannot be opened just now (too many are open, the disk is broken) does not say that nobody supervises.
    return error instanceof Error && "code" in error && causeOf(error) !== "ENOENT";
  }
}

if (lockFile !== undefined && recordDir !== undefined) {
  let lastSeenMs = performance.now();
  const look = () => {
    if (isSupervised(lockFile)) lastSeenMs = performance.now();
    if (performance.now() - lastSeenMs < aloneForMs) return;
    // The database has nobody else who would do it; a session of a neighbour that is a moment slower ends with it.
    const postgres = readProcessRecord(recordDir, "postgres");
    if (postgres !== null) signalProcess(postgres, "SIGINT", { group: false });
    process.kill(process.pid, "SIGTERM");
  };
  setInterval(look, Math.min(LOOK_EVERY_MS, aloneForMs)).unref();
}
