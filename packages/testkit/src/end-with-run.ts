import { spawn } from "node:child_process";
import { identify, type ProcessIdentity } from "@slipway/service-kit";

/** Waits, without a Node of its own, until the first process is gone; then ends the second one and removes a folder. */
const WATCH = `
runs() { [ "$(cut -d ' ' -f 22 "/proc/$1/stat" 2>/dev/null)" = "$2" ]; }
while runs "$1" "$2"; do sleep 1; done
if runs "$3" "$4"; then kill "-$5" "$3"; fi
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do runs "$3" "$4" || break; sleep 1; done
rm -rf "$6"
`;

/**
 * Ends a service of a test run even when the run is killed and can do nothing any more. Call the answer when the run itself
 * has ended the service.
 */
export function endWithRun(service: ProcessIdentity, signal: "INT" | "TERM", folder: string): () => void {
  const run = identify();
  if (run === null) throw new Error("the operating system does not tell when a process started");
  const words = [run.pid, run.startTime, service.pid, service.startTime, signal, folder].map(String);
  const watcher = spawn("sh", ["-c", WATCH, "sh", ...words], { detached: true, stdio: "ignore" });
  watcher.unref();
  return () => void watcher.kill("SIGKILL");
}
