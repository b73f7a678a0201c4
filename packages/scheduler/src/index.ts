export { SCHEDULER_SETTINGS } from "./config.ts";
export { Leadership } from "./leader/leadership.ts";
export { createSchedulerProcess, type SchedulerProcessConfig } from "./run-scheduler.ts";
export { createScheduler, type Scheduler, type SchedulerConfig, type SchedulerDeps } from "./scheduler.ts";
export { modelVersion } from "./snapshot/model-version.ts";
