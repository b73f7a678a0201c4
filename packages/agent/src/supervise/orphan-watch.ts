import { existsSync, readFileSync } from "node:fs";
import { type Clock, isRunning, type Logger, processIdentity } from "@slipway/service-kit";

const LOOK_EVERY_MS = 2_000;

export type OrphanWatchOptions = {
  /** File that names the supervisor's process; null = nobody supervises. */
  supervisorRecord: string | null;
  stateDir: string;
  graceMs: number;
  clock: Clock;
  logger: Logger;
  /** Called once, when this replica belongs to nobody any more. */
  onOrphaned: (reason: string) => void;
};

/**
 * Watches whether this replica still belongs to a platform: ends it when its state folder is gone, or when no supervisor
 * has run for the time of grace. Runs until the signal aborts.
 */
export async function watchForOrphanage(options: OrphanWatchOptions, signal: AbortSignal): Promise<void> {
  const { clock, logger, graceMs, supervisorRecord, stateDir } = options;
  let lastSeenMs = clock.monotonicMs();
  while (!signal.aborted) {
    if (!existsSync(stateDir)) return options.onOrphaned("its state folder is gone");
    const nowMs = clock.monotonicMs();
    if (supervisorRecord === null || isSupervised(supervisorRecord)) lastSeenMs = nowMs;
    else if (nowMs - lastSeenMs >= graceMs) return options.onOrphaned("its supervisor is gone");
    else if (nowMs - lastSeenMs < LOOK_EVERY_MS * 1.5) logger.warn({ graceMs }, "no supervisor runs");
    await clock.sleep(Math.min(LOOK_EVERY_MS, graceMs), signal).catch(() => undefined);
  }
}

function isSupervised(record: string): boolean {
  try {
    return isRunning(processIdentity.parse(JSON.parse(readFileSync(record, "utf8"))));
  } catch {
    return false;
  }
}
