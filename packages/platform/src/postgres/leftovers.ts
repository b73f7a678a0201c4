import { readdirSync, readlinkSync } from "node:fs";
import { type Clock, identify, isRunning, type ProcessIdentity, signalProcess } from "@slipway/service-kit";

/**
 * Processes of a PostgreSQL server on this data directory, whoever started them: each of them, and nothing else, has the
 * directory as its working directory. Two servers on one cluster would destroy it, so this is asked before every start.
 */
export function serverProcesses(dataDirectory: string): ProcessIdentity[] {
  let pids: string[];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return pids.flatMap((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === dataDirectory ? (identify(Number(pid)) ?? []) : [];
    } catch {
      return []; // gone meanwhile, or another user's
    }
  });
}

/** Ends what is left of an earlier server on this data directory. Returns how many processes it was. */
export async function endLeftovers(dataDirectory: string, clock: Clock, signal: AbortSignal): Promise<number> {
  const found = serverProcesses(dataDirectory);
  for (const [step, name] of (["SIGINT", "SIGQUIT", "SIGKILL"] as const).entries()) {
    for (const identity of serverProcesses(dataDirectory)) signalProcess(identity, name, { group: false });
    const deadlineMs = clock.monotonicMs() + (step === 0 ? 5_000 : 2_000);
    while (clock.monotonicMs() < deadlineMs) {
      if (serverProcesses(dataDirectory).length === 0 && !found.some(isRunning)) return found.length;
      await clock.sleep(25, signal);
    }
  }
  throw new Error(`an earlier PostgreSQL still holds ${dataDirectory}`);
}
