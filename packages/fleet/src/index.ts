export * from "./driver.ts";
export * from "./local/config.ts";
export * from "./local/local-fleet.ts";
export * from "./logs/log-scope.ts";
export * from "./logs/open-log.ts";
export * from "./logs/run-marks.ts";
export * from "./processes/end-process.ts";
export * from "./processes/spawn-detached.ts";
