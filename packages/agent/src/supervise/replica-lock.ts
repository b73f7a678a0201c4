import { readFileSync } from "node:fs";
import { join } from "node:path";
import { identify, isRunning, keptFiles, processIdentity } from "@slipway/service-kit";

/**
 * Makes this process the replica's only agent.
 * @throws when another one runs
 */
export function takeReplica(stateDir: string): void {
  const path = join(stateDir, "agent.json");
  const self = identify();
  if (self === null) throw new Error("the kernel does not tell this process's start time");
  const other = readIdentity(path);
  if (other !== null && other.pid !== self.pid && isRunning(other)) {
    throw new Error(`another agent of this replica runs as pid ${other.pid}`);
  }
  keptFiles.write(path, `${JSON.stringify(self)}\n`);
}

function readIdentity(path: string) {
  try {
    return processIdentity.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
