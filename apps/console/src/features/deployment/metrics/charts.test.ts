import type { MetricPoint } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import { chartsOf, codeSeries, peakOf } from "./chart-model.ts";
import { askFor, dragged, fieldText, momentOf, rangeOf, typedRange, withRange, zoomed } from "./chart-range.ts";
import { tickText, timeTicks, valueText, valueTicks } from "./chart-scale.ts";
import { chartSummary } from "./chart-summary.ts";
import { metricsCsv } from "./metrics-csv.ts";
import { sparklinePath } from "./sparkline-path.ts";

const NOON = Date.parse("2026-03-01T12:00:00.000Z");
const HOUR = 3_600_000;

function point(afterSeconds: number, fields: Partial<MetricPoint> = {}): MetricPoint {
  return {
    at: new Date(NOON + afterSeconds * 1_000).toISOString(),
    requests: 0,
    requestsPerSecond: 0,
    success: null,
    codes: {},
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    inFlight: null,
    replicasReady: null,
    replicasWanted: null,
    cpuCores: null,
    memoryBytes: null,
    ...fields,
  };
}

describe("the range", () => {
  test("it stands in the address, survives a round trip, and nonsense is the last hour", () => {
    for (const search of [
      "?tab=metrics&range=7d",
      "?tab=metrics&range=custom&from=2026-03-01T12%3A00%3A00.000Z&to=2026-03-01T13%3A00%3A00.000Z",
    ]) {
      expect(withRange("?tab=metrics", rangeOf(new URLSearchParams(search)))).toBe(search);
    }
    for (const search of [
      "",
      "range=9y",
      "range=custom",
      "range=custom&from=x&to=y",
      "range=custom&from=2026-03-02&to=2026-03-01",
    ]) {
      expect(askFor(rangeOf(new URLSearchParams(search)))).toEqual({ from: "-1h" });
    }
    expect(withRange("?tab=metrics&range=7d", { kind: "recent", name: "1h" })).toBe("?tab=metrics");
  });

  test("zooming stays around the middle, within now, and never below a minute", () => {
    const hour = { fromMs: NOON, toMs: NOON + HOUR };
    expect(zoomed(hour, 0.5, NOON + HOUR)).toEqual({
      kind: "fixed",
      fromMs: NOON + HOUR / 4,
      toMs: NOON + (3 * HOUR) / 4,
    });
    expect(zoomed(hour, 2, NOON + HOUR)).toEqual({ kind: "fixed", fromMs: NOON - HOUR, toMs: NOON + HOUR });
    expect(zoomed({ fromMs: NOON, toMs: NOON + 60_000 }, 0.5, NOON + HOUR)).toMatchObject({
      fromMs: NOON,
      toMs: NOON + 60_000,
    });
    expect(dragged(NOON + HOUR, NOON)).toEqual({ kind: "fixed", fromMs: NOON, toMs: NOON + HOUR });
    expect(dragged(NOON, NOON + 500)).toBeNull();
  });

  test("typed moments mean the zone that times are shown in, summer time and all", () => {
    for (const zone of ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]) {
      for (const at of [NOON, Date.parse("2026-07-01T23:30:00Z"), Date.parse("2026-03-29T05:00:00Z")]) {
        expect(momentOf(fieldText(at, zone), zone), zone).toBe(at);
      }
    }
    expect(typedRange("", "2026-03-01T12:00", "UTC")).toHaveProperty("problem");
    expect(typedRange("2026-03-01T12:00", "2026-03-01T12:00", "UTC")).toHaveProperty("problem");
  });
});

describe("axes", () => {
  test("marks of time are round in the zone and never more than asked for", () => {
    const ticks = timeTicks({ fromMs: NOON - 7 * 60_000, toMs: NOON + 53 * 60_000 }, 6, "UTC");
    expect(ticks.map((at) => tickText(at, { fromMs: NOON, toMs: NOON + HOUR }, "UTC"))).toEqual([
      "12:00",
      "12:10",
      "12:20",
      "12:30",
      "12:40",
      "12:50",
    ]);
    const week = { fromMs: NOON - 7 * 24 * HOUR, toMs: NOON };
    for (const at of timeTicks(week, 8, "Asia/Kolkata"))
      expect(tickText(at, week, "Asia/Kolkata")).toMatch(/^\d\d\/\d\d$/);
    for (const lengthMs of [60_000, HOUR, 24 * HOUR, 90 * 24 * HOUR]) {
      const count = timeTicks({ fromMs: NOON - lengthMs, toMs: NOON }, 6, "UTC").length;
      expect(count).toBeGreaterThan(1);
      expect(count).toBeLessThanOrEqual(7);
    }
  });

  test("marks of values begin at 0, reach the peak, and are round", () => {
    expect(valueTicks(9.3, "rate")).toEqual([0, 2.5, 5, 7.5, 10]);
    expect(valueTicks(3, "count")).toEqual([0, 1, 2, 3]);
    expect(valueTicks(0, "rate")).toEqual([0, 1]);
    expect(valueTicks(0.4, "share").at(-1)).toBe(1);
    expect(valueTicks(300 * 1024 ** 2, "bytes")).toEqual([0, 128 * 1024 ** 2, 256 * 1024 ** 2, 384 * 1024 ** 2]);
    for (const max of [0.0001, 0.7, 1, 12, 999, 1e7]) {
      expect(valueTicks(max, "milliseconds").at(-1)).toBeGreaterThanOrEqual(max);
      expect(valueTicks(max, "milliseconds").length).toBeLessThanOrEqual(6);
    }
  });

  test("values carry their unit", () => {
    expect(valueText(0.9956, "share")).toBe("99.56 %");
    expect(valueText(1, "share")).toBe("100 %");
    expect(valueText(1_234, "milliseconds")).toBe("1.23 s");
    expect(valueText(3.456, "milliseconds")).toBe("3.46 ms");
    expect(valueText(0.25, "cores")).toBe("0.25");
    expect(valueText(200 * 1024 ** 2, "bytes")).toBe("200 MiB");
    expect(valueText(12_345, "count")).toBe("12.3k");
    expect(valueText(0, "rate")).toBe("0/s");
  });
});

describe("charts", () => {
  const points = [
    point(0, { requestsPerSecond: 2, success: 1, codes: { 200: 20 }, p95Ms: 12 }),
    point(10),
    point(20, { requestsPerSecond: 1, success: 0.5, codes: { 200: 5, 503: 4, aborted: 1 }, p95Ms: 80 }),
  ];

  test("a time without a value is a gap, not a zero", () => {
    const latency = chartsOf(points).find(({ key }) => key === "latency");
    expect(points.map((one) => latency?.series[1]?.value(one))).toEqual([12, null, 80]);
  });

  test("every line of a chart differs by more than its colour", () => {
    for (const { series } of chartsOf(points)) {
      expect(new Set(series.map(({ dash }) => dash)).size).toBe(series.length);
      expect(new Set(series.map(({ colour }) => colour)).size).toBe(series.length);
    }
  });

  test("statuses add up to all requests, however many there are", () => {
    const many = [
      point(0, { codes: Object.fromEntries(Array.from({ length: 9 }, (_, n) => [String(400 + n), n + 1])) }),
    ];
    const series = codeSeries(many);
    expect(series).toHaveLength(6);
    expect(series.at(-1)?.name).toBe("other");
    const [only] = many;
    expect(only && series.reduce((sum, { value }) => sum + (value(only) ?? 0), 0)).toBe(45);
    const codes = chartsOf(points).find(({ key }) => key === "codes");
    expect(codes && peakOf(codes, points)).toBe(20);
  });

  test("each is told in words too", () => {
    const of = (key: string) => {
      const chart = chartsOf(points).find((one) => one.key === key);
      return chart === undefined ? "" : chartSummary(chart, points, "UTC");
    };
    expect(of("rate")).toBe("Latest 1/s, highest 2/s at 12:00.");
    expect(of("success")).toBe("Latest 50 %, lowest 50 % at 12:00.");
    expect(of("latency")).toBe("P95 latest 80 ms, highest 80 ms at 12:00.");
    expect(of("codes")).toBe("In all 200: 25, 503: 4, aborted: 1.");
    expect(of("cpu")).toBe("Nothing was measured in this time.");
  });

  test("the file has a line for each point and a column for each status", () => {
    const [head, first, second, third, ...rest] = metricsCsv(points).split("\r\n");
    expect(head).toMatch(/^at,requests,.*,status_200,status_503,status_aborted$/);
    expect(first).toBe("2026-03-01T12:00:00.000Z,0,2,1,,12,,,,,,,20,0,0");
    expect(second?.split(",")).toHaveLength(15);
    expect(third).toMatch(/,5,4,1$/);
    expect(rest).toEqual([""]);
  });
});

describe("the small line of the overview", () => {
  test("it spans its box, and breaks where nothing was measured", () => {
    expect(sparklinePath([0, 2, 1], 10, 4)).toBe("M0 4L5 0L10 2");
    expect(sparklinePath([1, null, 1, 1], 9, 4)).toBe("M0 0h1M6 0L9 0");
    expect(sparklinePath([0, 0], 10, 4)).toBe("M0 4L10 4");
    expect(sparklinePath([null], 10, 4)).toBe("");
  });
});
