export { type Api, type ApiDeps, createApi } from "./create-api.ts";
export type { AppRouter } from "./root.ts";
export { createSchedulerClient, type SchedulerClient } from "./scheduler/scheduler-client.ts";
