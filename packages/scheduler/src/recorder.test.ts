import { create } from "@bufbuild/protobuf";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { internalMetadata, methodDefinition } from "@slipway/rpc";
import { RecordBatchSchema, Recorder } from "@slipway/rpc/control/recorder";
import { testDatabase, until } from "@slipway/testkit";
import { expect, test } from "vitest";
import { deployment, onnxServer, startRig } from "./testing/rig.ts";

/** Gives a batch of one request to the recorder at an address; null = stored. */
async function record(
  address: string,
  secret: string,
  deploymentUid: string,
  sequence: bigint,
): Promise<number | null> {
  const { path, requestSerialize, responseDeserialize } = methodDefinition(Recorder.method.record);
  const client = new Client(address, credentials.createInsecure());
  const atMs = BigInt(Math.floor(Date.now() / 10_000) * 10_000);
  const windows = [{ deploymentUid, atMs, codes: { 200: 1 }, latency: { 20: 1 }, maxInFlight: 1 }];
  const batch = create(RecordBatchSchema, { routerId: "gateway-1", sequence, windows });
  const deadline = Date.now() + 5_000;
  const error = await new Promise<ServiceError | null>((resolve) =>
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      batch,
      internalMetadata(secret),
      { deadline },
      resolve,
    ),
  );
  client.close();
  return error?.code ?? null;
}

test("every scheduler takes in counts, the leader and who stands by, each batch once; a stranger is refused", async () => {
  const { db } = await testDatabase();
  const rig = await startRig(db, { schedulers: 2 });
  try {
    await until(() => rig.leader());
    const uid = "019a0000-0000-7000-8000-000000000001";
    for (const [index, address] of rig.addresses.entries()) {
      expect(await record(address, rig.secret, uid, BigInt(index + 1))).toBeNull();
      expect(await record(address, rig.secret, uid, 1n)).toBeNull();
      expect(await record(address, "guessed", uid, 9n)).toBe(status.UNAUTHENTICATED);
    }
    const { rows } = await db.pool.query("SELECT codes FROM metric_rollup WHERE deployment_uid = $1 AND step = 600", [
      uid,
    ]);
    expect(rows).toEqual([{ codes: { 200: 2 } }]);
  } finally {
    await rig.stop();
  }
});

test("a leader tells of replicas that are ready and wanted", async () => {
  const { db } = await testDatabase();
  const rig = await startRig(db);
  try {
    await rig.apply(onnxServer());
    await rig.apply(deployment("iris"));
    await until(async () => (await rig.status("iris")).lifecycle === "Live");
    const sample = await until(
      async () =>
        (
          await db.pool.query(
            "SELECT replicas_ready, replicas_wanted FROM metric_rollup WHERE step = 10 AND replicas_ready > 0",
          )
        ).rows[0],
      { timeoutMs: 13_000, everyMs: 100 },
    );
    expect(sample).toEqual({ replicas_ready: 1, replicas_wanted: 1 });
  } finally {
    await rig.stop();
  }
}, 30_000);
