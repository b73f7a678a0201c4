import { readFileSync } from "node:fs";
import type { Clock } from "@slipway/service-kit";
import { PlatformError } from "../platform-error.ts";
import { addressOf, type SupervisedChild } from "./supervise.ts";

/** A process that ended this often while it starts will not start. */
const HOPELESS_CRASHES = 4;

/** A process found that another program has the port which was free when it was chosen. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";

  readonly process: string;

  constructor(process: string) {
    super(`another program has the port of ${process}`);
    this.process = process;
  }
}

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
 * @throws PortTakenError, PlatformError with the last lines of its log
 */
export async function awaitReady(
  child: SupervisedChild,
  options: { recordDir: string; clock: Clock; signal: AbortSignal; timeoutMs: number },
): Promise<void> {
  const deadlineMs = options.clock.monotonicMs() + options.timeoutMs;
  for (;;) {
    const address = addressOf(options.recordDir, child.name, child.identity());
    if (address !== null && (await isReady(address, options.signal))) return;
    if (child.isPortTaken()) throw new PortTakenError(child.name);
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
