import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LATENCY_BUCKETS, latencyBucket, latencyOfBucket, latencyPercentile } from "./latency-buckets.ts";

const latency = fc.double({ min: 0.1, max: 600_000, noNaN: true });

function countsOf(latencies: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const ms of latencies) counts.set(latencyBucket(ms), (counts.get(latencyBucket(ms)) ?? 0) + 1);
  return counts;
}

test("what stands for a bucket is at most 5 % away from every latency in it, from 0.1 ms to 10 minutes", () => {
  fc.assert(
    fc.property(latency, (ms) => {
      expect(Math.abs(latencyOfBucket(latencyBucket(ms)) - ms) / ms).toBeLessThanOrEqual(0.05);
    }),
  );
});

test("a longer latency is never in an earlier bucket, and none is outside of them", () => {
  const any = fc.oneof(latency, fc.constantFrom(0, -1, Number.NaN, 1e12, Number.POSITIVE_INFINITY));
  fc.assert(
    fc.property(any, any, (a, b) => {
      expect(latencyBucket(a)).toBeGreaterThanOrEqual(0);
      expect(latencyBucket(a)).toBeLessThan(LATENCY_BUCKETS);
      if (a <= b) expect(latencyBucket(a)).toBeLessThanOrEqual(latencyBucket(b));
    }),
  );
});

test("a percentile of the buckets is at most 5 % away from that of the latencies themselves", () => {
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1, maxLength: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (latencies, share) => {
        const exact = latencies.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * latencies.length) - 1)] ?? 0;
        const read = latencyPercentile(countsOf(latencies), share) ?? Number.NaN;
        expect(Math.abs(read - exact) / exact).toBeLessThanOrEqual(0.05);
      },
    ),
  );
});

test("there is no percentile of nothing", () => {
  expect(latencyPercentile(new Map(), 0.5)).toBeNull();
});
