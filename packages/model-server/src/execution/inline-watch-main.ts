import { writeFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { CrashReport, ModelRef } from "../crash-file.ts";
import { RUN_NUMBER, RUNNING_MODEL, type WatchData, type WatchMessage } from "./inline-watch.ts";

const LOOK_EVERY_MS = 100;
/** So many looks may find one run before its process is ended. Looks, not time: that goes on while a process is stopped. */
const LOOKS = 15;

const { memory, crashFile }: WatchData = workerData;
const cells = new Int32Array(memory);
const models = new Map<number, ModelRef>();
let run = { number: 0, looks: 0 };

parentPort?.on("message", ({ id, model }: WatchMessage) => {
  if (model === null) models.delete(id);
  else models.set(id, model);
});

setInterval(() => {
  const id = Atomics.load(cells, RUNNING_MODEL);
  const number = Atomics.load(cells, RUN_NUMBER);
  if (id === 0 || number !== run.number) {
    run = { number, looks: 0 };
    return;
  }
  run.looks += 1;
  if (run.looks < LOOKS) return;
  const model = models.get(id);
  const report: CrashReport = { loading: [], running: model === undefined ? [] : [model] };
  try {
    writeFileSync(crashFile, JSON.stringify(report));
  } catch {
    // A full disk must not keep everybody waiting: then nobody is blamed.
  }
  // Of all ways out this is the one that a thread has while another hangs in native code, and that tells of a fault.
  process.kill(process.pid, "SIGABRT");
}, LOOK_EVERY_MS);
