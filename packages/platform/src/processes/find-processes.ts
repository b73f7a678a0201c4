import { readdirSync, readFileSync } from "node:fs";
import {
  type DataDirLayout,
  identify,
  isRunning,
  type ProcessIdentity,
  type ProcessRecord,
  processRecord,
  readProcessRecords,
} from "@slipway/service-kit";

/** The processes of a data directory that run, by their records: the name in platform.json, identity and addresses. */
export function recordedProcesses(layout: DataDirLayout): ProcessRecord[] {
  return readProcessRecords(layout.processes).filter(isRunning);
}

/** A variable of another process's environment; null when it has none or is somebody else's. */
function environmentOf(pid: number): ReadonlyMap<string, string> | null {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]));
  } catch {
    return null;
  }
}

/**
 * All processes that were started for this data directory, also those that died before they wrote a record: each carries the
 * folder of the records in its environment. Nothing else does, so what is found here is provably ours.
 */
export function ownProcesses(layout: DataDirLayout): ProcessRecord[] {
  const found = new Map<number, ProcessRecord>(recordedProcesses(layout).map((record) => [record.pid, record]));
  for (const entry of listPids()) {
    if (found.has(entry)) continue;
    const environment = environmentOf(entry);
    if (environment?.get("SLIPWAY_PROCESS_RECORD_DIR") !== layout.processes) continue;
    const identity: ProcessIdentity | null = identify(entry);
    const parsed = processRecord.safeParse({ ...identity, name: environment.get("SLIPWAY_PROCESS_NAME") ?? "unnamed" });
    if (parsed.success) found.set(entry, parsed.data);
  }
  return [...found.values()];
}

function listPids(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
