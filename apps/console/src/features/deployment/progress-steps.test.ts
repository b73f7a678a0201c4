import { expect, test } from "vitest";
import { durationWords, timedSteps } from "./progress-steps.ts";

test("a step is timed from the one before it, and only when both are done", () => {
  const steps = timedSteps([
    { name: "placed", state: "done", at: "2026-01-01T00:00:00.000Z" },
    { name: "fetched", state: "done", at: "2026-01-01T00:00:00.400Z" },
    { name: "loaded", state: "running", at: "2026-01-01T00:00:00.400Z" },
    { name: "routed", state: "waiting", at: null },
  ]);
  expect(steps.map(({ tookMs }) => tookMs)).toEqual([null, 400, null, null]);
});

test("a step that a clock puts before its predecessor took no negative time", () => {
  const steps = timedSteps([
    { name: "placed", state: "done", at: "2026-01-01T00:00:01.000Z" },
    { name: "fetched", state: "done", at: "2026-01-01T00:00:00.000Z" },
  ]);
  expect(steps[1]?.tookMs).toBe(0);
});

test("durations are in words of their size", () => {
  expect([0, 400, 12_000, 59_600, 185_000].map(durationWords)).toEqual([
    "0.0 s",
    "0.4 s",
    "12 s",
    "1 min 0 s",
    "3 min 5 s",
  ]);
});
