import { METRIC_POINTS_LIMIT, METRIC_STEPS } from "@slipway/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chooseStep, readRange } from "./metric-range.ts";

const NOW = Date.parse("2026-03-01T12:00:07.000Z");
const HOUR = 3_600_000;

test("a range is read from times and from distances to now, and is the last hour if unsaid", () => {
  expect(readRange({}, NOW)).toEqual({ fromMs: NOW - HOUR, toMs: NOW });
  expect(readRange({ from: "-15m" }, NOW)).toEqual({ fromMs: NOW - 900_000, toMs: NOW });
  expect(readRange({ from: "-2d", to: "-1d" }, NOW)).toEqual({ fromMs: NOW - 48 * HOUR, toMs: NOW - 24 * HOUR });
  expect(readRange({ from: "2026-03-01T11:00:00Z", to: "2026-03-01T11:30:00+00:00" }, NOW)).toEqual({
    fromMs: Date.parse("2026-03-01T11:00:00Z"),
    toMs: Date.parse("2026-03-01T11:30:00Z"),
  });
});

test("a range that is none is refused at its field, and one into the future ends now", () => {
  expect(readRange({ from: "-1h", to: "2026-03-02T00:00:00Z" }, NOW).toMs).toBe(NOW);
  for (const [given, field] of [
    [{ from: "yesterday" }, "from"],
    [{ to: "1740830400" }, "to"],
    [{ from: "-1w" }, "from"],
    [{ from: "2026-99-01T00:00:00Z" }, "from"],
    [{ from: "-1h", to: "-2h" }, "from"],
    [{ from: "-91d" }, "from"],
  ] as const) {
    expect(() => readRange(given, NOW)).toThrow(expect.objectContaining({ code: "request/invalid", field }));
  }
});

test("the usual ranges get the finest points that fit", () => {
  const step = (from: string) => chooseStep(readRange({ from }, NOW), NOW);
  expect(step("-15m")).toEqual({ pointSeconds: 10, storedSeconds: 10 });
  expect(step("-1h")).toEqual({ pointSeconds: 10, storedSeconds: 10 });
  expect(step("-6h")).toEqual({ pointSeconds: 60, storedSeconds: 60 });
  expect(step("-24h")).toEqual({ pointSeconds: 300, storedSeconds: 60 });
  expect(step("-90d")).toEqual({ pointSeconds: 21_600, storedSeconds: 600 });
  const yesterday = readRange({ from: "-25h", to: "-24h" }, NOW);
  expect(chooseStep(yesterday, NOW)).toEqual({ pointSeconds: 60, storedSeconds: 60 });
});

test("any range gives at most 500 points, of windows that are still kept and that fill a point exactly", () => {
  const days90 = 90 * 24 * HOUR;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: days90 }), fc.integer({ min: 0, max: days90 }), (lengthMs, endMs) => {
      const fromMs = Math.max(NOW - days90, NOW - endMs - lengthMs);
      const range = { fromMs, toMs: fromMs + lengthMs };
      const { pointSeconds, storedSeconds } = chooseStep(range, NOW);
      const first = Math.floor(range.fromMs / 1_000 / pointSeconds);
      expect(Math.ceil(range.toMs / 1_000 / pointSeconds) - first).toBeLessThanOrEqual(METRIC_POINTS_LIMIT);
      expect(pointSeconds % storedSeconds).toBe(0);
      const kept = METRIC_STEPS.find(({ seconds }) => seconds === storedSeconds)?.keepMs ?? 0;
      expect(fromMs).toBeGreaterThanOrEqual(NOW - kept);
    }),
  );
});
