import { latencyBucket } from "@slipway/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mergeRollups, type Rollup } from "./merge-rollups.ts";

const FROM = Date.parse("2026-03-01T12:00:00.000Z");
const LATER = FROM + 3_600_000;
const range = { fromMs: FROM, toMs: FROM + 60_000 };
const TEN = { pointSeconds: 10, storedSeconds: 10 };
const MINUTE = { pointSeconds: 60, storedSeconds: 10 };

function rollup(afterSeconds: number, fields: Partial<Rollup> = {}): Rollup {
  return {
    atMs: FROM + afterSeconds * 1_000,
    codes: {},
    latency: {},
    maxInFlight: null,
    replicasReady: null,
    replicasWanted: null,
    cpuMs: null,
    cpuOverMs: null,
    memoryBytes: null,
    ...fields,
  };
}

test("points add up what their windows counted and keep the worst of what they measured", () => {
  const at = latencyBucket(20);
  const windows = [
    rollup(0, {
      codes: { 200: 6 },
      latency: { [at]: 6 },
      maxInFlight: 2,
      replicasReady: 2,
      replicasWanted: 2,
      cpuMs: 5_000,
      cpuOverMs: 10_000,
      memoryBytes: 10,
    }),
    rollup(50, {
      codes: { 200: 3, 503: 2, aborted: 1 },
      latency: { [at]: 6 },
      maxInFlight: 5,
      replicasReady: 1,
      replicasWanted: 3,
      cpuMs: 15_000,
      cpuOverMs: 10_000,
      memoryBytes: 8,
    }),
  ];
  const { points, summary } = mergeRollups(windows, range, MINUTE, LATER);
  expect(points).toHaveLength(1);
  expect(points[0]).toMatchObject({
    at: "2026-03-01T12:00:00.000Z",
    requests: 12,
    requestsPerSecond: 0.2,
    success: 0.75,
    codes: { 200: 9, 503: 2, aborted: 1 },
    ...{ inFlight: 5, replicasReady: 1, replicasWanted: 3, cpuCores: 1, memoryBytes: 10 },
  });
  expect(Math.abs((points[0]?.p99Ms ?? 0) - 20)).toBeLessThanOrEqual(1);
  expect(summary).toMatchObject({ requests: 12, requestsPerSecond: 0.2, success: 0.75 });
});

test("a time without requests is points of nothing, not missing points", () => {
  const { points, summary } = mergeRollups([], range, TEN, LATER);
  expect(points).toHaveLength(6);
  expect(points[3]).toMatchObject({ requests: 0, requestsPerSecond: 0, success: null, p95Ms: null, inFlight: null });
  expect(summary).toMatchObject({ requests: 0, success: null, p50Ms: null });
});

test("what gateways have not told of yet is no dip at the end", () => {
  const open = { fromMs: FROM, toMs: FROM + 35_000 };
  expect(mergeRollups([], open, TEN, FROM + 35_000).points).toHaveLength(2);
  const begun = mergeRollups(
    [rollup(60, { codes: { 200: 24 } })],
    { fromMs: FROM + 60_000, toMs: FROM + 78_000 },
    MINUTE,
    FROM + 78_000,
  );
  expect(begun.points).toMatchObject([{ requests: 24, requestsPerSecond: 2 }]);
});

test("however windows are grouped into points, the counts and the summary stay the same", () => {
  const window = fc.record({
    second: fc.integer({ min: 0, max: 5 }).map((n) => n * 10),
    codes: fc.dictionary(fc.constantFrom("200", "400", "503", "aborted"), fc.integer({ min: 1, max: 1_000 })),
    latency: fc.dictionary(fc.integer({ min: 0, max: 167 }).map(String), fc.integer({ min: 1, max: 1_000 })),
  });
  fc.assert(
    fc.property(fc.array(window, { maxLength: 20 }), (given) => {
      const windows = given.map(({ second, ...counts }) => rollup(second, counts));
      const fine = mergeRollups(windows, range, TEN, LATER);
      const coarse = mergeRollups(windows.toReversed(), range, MINUTE, LATER);
      expect(fine.summary).toEqual(coarse.summary);
      const requests = fine.points.reduce((total, point) => total + point.requests, 0);
      expect(requests).toBe(coarse.points[0]?.requests);
    }),
  );
});
