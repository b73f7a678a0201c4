import { Registry } from "@slipway/service-kit";
import { expect, test } from "vitest";
import { LatencyHistogram } from "./latency-histogram.ts";

test("a scrape shows every observation in its bucket and all larger ones, with sum and count", async () => {
  const registry = new Registry();
  const histogram = new LatencyHistogram({ name: "t_seconds", help: "t", buckets: [0.1, 1], registry });
  for (const seconds of [0.05, 0.1, 0.5, 7]) histogram.add(seconds);
  const lines = (await registry.metrics()).split("\n").filter((line) => line.startsWith("t_seconds"));
  expect(lines).toEqual([
    't_seconds_bucket{le="0.1"} 2',
    't_seconds_bucket{le="1"} 3',
    't_seconds_bucket{le="+Inf"} 4',
    "t_seconds_sum 7.65",
    "t_seconds_count 4",
  ]);
});
