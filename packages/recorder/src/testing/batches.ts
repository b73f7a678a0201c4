import { create } from "@bufbuild/protobuf";
import { latencyBucket } from "@slipway/contracts";
import { type RecordBatch, RecordBatchSchema } from "@slipway/rpc/control/recorder";
import { createRegistry, type DiskRoom, silentLogger, systemClock } from "@slipway/service-kit";
import { testDatabase } from "@slipway/testkit";
import { createRecorder } from "../recorder.ts";

export const UID = "019a0000-0000-7000-8000-000000000001";
export const OTHER_UID = "019a0000-0000-7000-8000-000000000002";

/** A database with a recorder on it, for tests; what time it is, the test says. */
export async function testRecorder(nowMs: number, disk?: DiskRoom) {
  const { db } = await testDatabase();
  const time = { nowMs };
  const clock = { ...systemClock, now: () => time.nowMs };
  const recorder = createRecorder({ db, disk, clock, logger: silentLogger, registry: createRegistry("recorder") });
  return {
    db,
    time,
    recorder,
    /** Stored windows of a deployment, the finest and the oldest first. */
    async windows(uid = UID) {
      const { rows } = await db.pool.query(
        `SELECT step, at, codes, latency, max_in_flight AS "maxInFlight" FROM metric_rollup
         WHERE deployment_uid = $1 ORDER BY step, at`,
        [uid],
      );
      return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
    },
  };
}

/** A batch of one window with as many answers of 12 ms as it says, unless told otherwise. */
export function batch(
  sequence: number,
  atMs: number,
  fields: { codes?: Record<string, number>; uid?: string; routerId?: string } = {},
): RecordBatch {
  const codes = fields.codes ?? { 200: 1 };
  const total = Object.values(codes).reduce((sum, count) => sum + count, 0);
  return create(RecordBatchSchema, {
    routerId: fields.routerId ?? "gateway-1",
    sequence: BigInt(sequence),
    windows: [
      {
        deploymentUid: fields.uid ?? UID,
        atMs: BigInt(atMs),
        codes,
        latency: { [latencyBucket(12)]: total },
        maxInFlight: total,
      },
    ],
  });
}
