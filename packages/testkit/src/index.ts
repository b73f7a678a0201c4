export { type FakeClock, fakeClock } from "./fake-clock.ts";
export { until } from "./until.ts";
