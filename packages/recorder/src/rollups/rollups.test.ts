import * as fc from "fast-check";
import { expect, test } from "vitest";
import { batch, OTHER_UID, testRecorder, UID } from "../testing/batches.ts";
import { type Increment, rowsOf } from "./add-windows.ts";
import { rateOf, refreshRates } from "./refresh-rates.ts";

const NOW = Date.parse("2026-03-01T12:03:27.000Z");
const AT = Date.parse("2026-03-01T12:03:10.000Z");

test("samples keep the fewest ready and the most wanted, and add up the time they measured CPU over", async () => {
  const { recorder, db } = await testRecorder(NOW);
  const sample = {
    deploymentUid: UID,
    atMs: AT,
    replicasReady: 2,
    replicasWanted: 2,
    cpuMs: 4_000,
    cpuOverMs: 10_000,
    memoryBytes: 500,
  };
  await recorder.addGauges([
    sample,
    { ...sample, deploymentUid: OTHER_UID, cpuMs: null, cpuOverMs: null, memoryBytes: null },
  ]);
  await recorder.addGauges([
    { ...sample, atMs: AT + 10_000, replicasReady: 1, replicasWanted: 3, cpuMs: 1_000, memoryBytes: 400 },
  ]);
  await recorder.take(batch(1, AT));
  const { rows } = await db.pool.query(
    `SELECT replicas_ready, replicas_wanted, cpu_ms, cpu_over_ms, memory_bytes, codes FROM metric_rollup
     WHERE deployment_uid = $1 AND step = 60`,
    [UID],
  );
  expect(rows).toEqual([
    {
      replicas_ready: 1,
      replicas_wanted: 3,
      cpu_ms: "5000",
      cpu_over_ms: "20000",
      memory_bytes: "500",
      codes: { 200: 1 },
    },
  ]);
  const other = await db.pool.query(
    "SELECT cpu_ms, replicas_ready FROM metric_rollup WHERE deployment_uid = $1 AND step = 10",
    [OTHER_UID],
  );
  expect(other.rows).toEqual([{ cpu_ms: null, replicas_ready: 2 }]);
});

test("however increments are cut and ordered, every length of window counts all of them", () => {
  const increment = fc.record({
    atMs: fc.integer({ min: NOW - 3_600_000, max: NOW }),
    codes: fc.dictionary(fc.constantFrom("200", "404", "aborted"), fc.integer({ min: 1, max: 100 })),
  });
  fc.assert(
    fc.property(fc.array(increment, { maxLength: 30 }), (given) => {
      const increments = given.map(
        (one): Increment => ({ ...one, deploymentUid: UID, latency: {}, maxInFlight: null, gauges: null }),
      );
      const expected = given.flatMap(({ codes }) => Object.values(codes)).reduce((a, b) => a + b, 0);
      const rows = rowsOf(increments, NOW);
      expect(rowsOf(increments.toReversed(), NOW)).toEqual(expect.arrayContaining(rows));
      for (const step of [10, 60, 600]) {
        const counts = rows.filter((row) => row.step === step).flatMap(({ codes }) => Object.values(codes));
        expect(counts.reduce((a, b) => a + b, 0)).toBe(expected);
      }
      expect(new Set(rows.map((row) => `${row.step} ${row.at}`)).size).toBe(rows.length);
    }),
  );
});

test("a rate is of the last whole minute, and falls to 0 when a minute goes by without traffic", async () => {
  const { recorder, db, time } = await testRecorder(NOW);
  await recorder.take(batch(1, AT - 70_000, { codes: { 200: 1_000 } }));
  await recorder.take(batch(2, AT - 50_000, { codes: { 200: 540 } }));
  await recorder.take(batch(3, AT, { codes: { 200: 30, 503: 29, aborted: 1 } }));
  await recorder.take(batch(4, AT + 10_000, { codes: { 200: 1_000 } }));
  const read = async () => (await db.pool.query("SELECT * FROM deployment_rate")).rows;
  await refreshRates(db, NOW);
  expect(await read()).toMatchObject([
    { deployment_uid: UID, requests_per_second: 10, server_error_rate: 29 / 599, at: new Date(AT + 10_000) },
  ]);
  time.nowMs = NOW + 120_000;
  await refreshRates(db, time.nowMs);
  expect(await read()).toMatchObject([{ requests_per_second: 0, p95_ms: null, server_error_rate: null }]);
});

test("aborted requests are traffic but no answers", () => {
  expect(rateOf([{ codes: { aborted: 60 }, latency: {} }])).toEqual({
    requestsPerSecond: 1,
    p95Ms: null,
    serverErrorRate: null,
  });
});
