import { endProcess } from "@slipway/fleet";
import {
  type Clock,
  type DataDirLayout,
  isRunning,
  type ProcessRecord,
  readProcessRecords,
  removeProcessRecord,
} from "@slipway/service-kit";
import { ownProcesses } from "./find-processes.ts";

/** In which order processes end: those whom callers talk to drain first; agents go when nobody starts them again. */
const ORDER: readonly { matches: RegExp; graceMs: number }[] = [
  { matches: /^(gateway|console|scheduler)/, graceMs: 4_500 },
  { matches: /^agent-/, graceMs: 1_500 },
  { matches: /./, graceMs: 1_500 },
];

/**
 * Ends the processes of a data directory but its database, in the order above: each wave at once, and by force when its time
 * is over. `keep` says which to leave alone. Records of processes that are gone go too.
 */
export async function endOwnProcesses(
  layout: DataDirLayout,
  clock: Clock,
  keep: (record: ProcessRecord) => boolean = () => false,
): Promise<ProcessRecord[]> {
  const ended: ProcessRecord[] = [];
  for (const { matches, graceMs } of ORDER) {
    // A second look: a scheduler may have started an agent while it was told to stop.
    for (let look = 0; look < 2; look += 1) {
      const wave = ownProcesses(layout).filter(
        (record) => matches.test(record.name) && record.name !== "postgres" && !keep(record),
      );
      await Promise.all(wave.map((record) => endProcess(record, { graceMs, clock })));
      ended.push(...wave);
      if (wave.length === 0) break;
    }
  }
  for (const record of readProcessRecords(layout.processes)) {
    if (!isRunning(record)) removeProcessRecord(layout.processes, record.name);
  }
  return ended;
}
