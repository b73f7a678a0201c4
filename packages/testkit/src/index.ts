export { type FakeClock, fakeClock } from "./fake-clock.ts";
export {
  emptyTestDatabase,
  type TestDatabase,
  type TestPostgres,
  testDatabase,
  testPostgres,
} from "./test-postgres.ts";
export { until } from "./until.ts";
