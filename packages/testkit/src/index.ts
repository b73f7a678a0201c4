export { type FakeClock, fakeClock } from "./fake-clock.ts";
export { type OwnPostgres, startOwnPostgres } from "./own-postgres.ts";
export { startTestConsole, type TestConsole, type TestConsoleOptions, writeTestStatus } from "./test-console.ts";
export { type CliResult, startTestPlatform, type TestPlatform, type TestPlatformOptions } from "./test-platform.ts";
export {
  emptyTestDatabase,
  type TestDatabase,
  type TestPostgres,
  testDatabase,
  testPostgres,
} from "./test-postgres.ts";
export { type S3Fault, startTestS3, type TestS3 } from "./test-s3.ts";
export { until } from "./until.ts";
