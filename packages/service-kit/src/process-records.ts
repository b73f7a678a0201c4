import { join } from "node:path";
import type { ProcessRecord } from "./data-dir.ts";
import { keptFiles } from "./kept-files.ts";

/** Says that a process runs; on a disk that does not take it, as soon as it does. */
export function writeProcessRecord(directory: string, record: ProcessRecord): void {
  keptFiles.write(recordPath(directory, record.name), `${JSON.stringify(record)}\n`);
}

/** Says that a process has ended; unknown names are fine. */
export function removeProcessRecord(directory: string, name: string): void {
  keptFiles.remove(recordPath(directory, name));
}

function recordPath(directory: string, name: string): string {
  return join(directory, `${name}.json`);
}
