import { METRIC_STEPS } from "@slipway/contracts";
import { expect, test } from "vitest";
import { batch, testRecorder, UID } from "../testing/batches.ts";
import { removeOld } from "./remove-old.ts";

const NOW = Date.parse("2026-03-01T12:03:27.000Z");
const never = new AbortController().signal;

test("windows of each length go when they are older than it is kept, and not before", async () => {
  const { db, windows } = await testRecorder(NOW);
  for (const { seconds, keepMs } of METRIC_STEPS) {
    for (const ageMs of [0, keepMs, keepMs + 3 * seconds * 1_000]) {
      const at = new Date(Math.floor((NOW - ageMs) / (seconds * 1_000)) * seconds * 1_000);
      await db.pool.query("INSERT INTO metric_rollup (deployment_uid, step, at) VALUES ($1, $2, $3)", [
        UID,
        seconds,
        at,
      ]);
    }
  }
  expect(await removeOld(db, NOW, never)).toBe(3);
  expect((await windows()).map(({ step }) => step)).toEqual([10, 10, 60, 60, 600, 600]);
});

test("more rows than one statement removes all go", async () => {
  const { db, windows } = await testRecorder(NOW);
  await db.pool.query(
    `INSERT INTO metric_rollup (deployment_uid, step, at)
     SELECT $1, 10, $2::timestamptz - n * interval '10 seconds' FROM generate_series(1, 4500) n`,
    [UID, new Date(NOW)],
  );
  expect(await removeOld(db, NOW, never)).toBeGreaterThan(2_000);
  expect(await windows()).not.toEqual([]);
  expect(await removeOld(db, NOW, never)).toBe(0);
});

test("rates of what was deleted go, and it is forgotten how far a gateway came that has been gone for a day", async () => {
  const { db, recorder } = await testRecorder(NOW);
  await db.pool.query("INSERT INTO deployment_rate VALUES ($1, 1, null, null, now())", [UID]);
  await recorder.take(batch(1, NOW - 10_000));
  await db.pool.query("UPDATE metric_source SET seen_at = $1", [new Date(NOW - 86_300_000)]);
  expect(await removeOld(db, NOW, never)).toBe(1);
  await db.pool.query("UPDATE metric_source SET seen_at = $1", [new Date(NOW - 86_500_000)]);
  expect(await removeOld(db, NOW, never)).toBe(1);
});
