import { workerData } from "node:worker_threads";
import * as z from "zod";

/** How often a runner looks whether the process that it works for is still there. */
const LOOK_EVERY_MS = 1_000;

const { parent } = z.object({ parent: z.number() }).parse(workerData);
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, LOOK_EVERY_MS);
