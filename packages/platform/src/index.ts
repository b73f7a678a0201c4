export { CHECKOUT, type PlatformConfig, platformConfig, platformSettings } from "./config.ts";
export { PlatformError } from "./platform-error.ts";
export { choosePort } from "./ports.ts";
export { findPostgresBinaries, type PostgresBinaries } from "./postgres/binaries.ts";
export { type Postgres, type PostgresOptions, startPostgres } from "./postgres/start-postgres.ts";
export { ownProcesses } from "./processes/find-processes.ts";
export { type PlatformInfo, platformInfo } from "./processes/platform-file.ts";
export { runUp, type UpOptions } from "./run-up.ts";
export { type Platform, type PlatformDeps, startPlatform } from "./start-platform.ts";
