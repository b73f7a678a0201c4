import { readFileSync } from "node:fs";
import { type Clock, readProcessRecord } from "@slipway/service-kit";
import { PlatformError } from "../platform-error.ts";
import type { SupervisedChild } from "./supervise.ts";

/** A process that ended this often while it starts will not start. */
const HOPELESS_CRASHES = 4;

/** The last lines of a log, for an error. */
export function lastWords(logFile: string, lines = 15): string {
  try {
    return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "(no log)";
  }
}

async function isReady(address: string, signal: AbortSignal): Promise<boolean> {
  const base = address.includes("://") ? address : `http://${address}`;
  try {
    const response = await fetch(`${base}/health/ready`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Waits until a process says that it is ready; the address is taken from its record each time, as it may start anew meanwhile.
 * @throws PlatformError with the last lines of its log
 */
export async function awaitReady(
  child: SupervisedChild,
  options: { recordDir: string; clock: Clock; signal: AbortSignal; timeoutMs: number },
): Promise<void> {
  const deadlineMs = options.clock.monotonicMs() + options.timeoutMs;
  for (;;) {
    const record = readProcessRecord(options.recordDir, child.name);
    const address = record?.addresses.health ?? record?.addresses.http;
    if (record?.pid === child.identity()?.pid && address !== undefined && (await isReady(address, options.signal)))
      return;
    if (child.crashes() >= HOPELESS_CRASHES || options.clock.monotonicMs() > deadlineMs) {
      const what = child.crashes() > 0 ? `ended ${child.crashes()} times while starting` : "did not become ready";
      throw new PlatformError(
        `${child.name} ${what}. Its last words:\n${lastWords(child.logFile)}`,
        `read ${child.logFile}, mend the cause and start again.`,
      );
    }
    await options.clock.sleep(40, options.signal);
  }
}
