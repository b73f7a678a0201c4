export { modelServerSettings } from "./config.ts";
export { type CrashReport, crashReport, readCrashFile } from "./crash-file.ts";
export { endBySignal } from "./end-by-signal.ts";
export { createModelServer, type ModelServer, type ModelServerConfig } from "./model-server.ts";
