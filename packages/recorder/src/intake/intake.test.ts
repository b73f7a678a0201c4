import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { latencyBucket } from "@slipway/contracts";
import { RecordBatchSchema } from "@slipway/rpc/control/recorder";
import { expect, test } from "vitest";
import { batch, OTHER_UID, testRecorder, UID } from "../testing/batches.ts";
import { BATCH_LIMITS } from "./read-batch.ts";

const NOW = Date.parse("2026-03-01T12:03:27.000Z");
const AT = Date.parse("2026-03-01T12:03:20.000Z");

test("a batch adds to the windows of all three lengths, and a later one adds up with it", async () => {
  const { recorder, windows } = await testRecorder(NOW);
  expect(await recorder.take(batch(1, AT, { codes: { 200: 5 } }))).toBe(true);
  expect(await recorder.take(batch(2, AT, { codes: { 200: 2, 503: 1 } }))).toBe(true);
  const sums = { codes: { 200: 7, 503: 1 }, latency: { [latencyBucket(12)]: 8 }, maxInFlight: 5 };
  expect(await windows()).toEqual([
    { step: 10, at: "2026-03-01T12:03:20.000Z", ...sums },
    { step: 60, at: "2026-03-01T12:03:00.000Z", ...sums },
    { step: 600, at: "2026-03-01T12:00:00.000Z", ...sums },
  ]);
});

test("a batch that comes again, or late behind its successor, counts once", async () => {
  const { recorder, windows } = await testRecorder(NOW);
  await recorder.take(batch(1, AT));
  expect(await recorder.take(batch(1, AT))).toBe(false);
  await recorder.take(batch(3, AT));
  expect(await recorder.take(batch(2, AT))).toBe(false);
  expect((await windows())[0]).toMatchObject({ codes: { 200: 2 } });
});

test("of the same batch given to several recorders at once exactly one stores it", async () => {
  const { recorder, windows } = await testRecorder(NOW);
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => recorder.take(batch(1, AT, { codes: { 200: 10 } }))),
  );
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect((await windows())[0]).toMatchObject({ codes: { 200: 10 } });
});

test("many gateways that count the same deployments at once lose nothing", async () => {
  const { recorder, windows } = await testRecorder(NOW);
  const takes = Array.from({ length: 24 }, (_, index) => {
    const [first, second] = index % 2 === 0 ? [UID, OTHER_UID] : [OTHER_UID, UID];
    const one = batch(1, AT, { routerId: `gateway-${index}`, uid: first });
    one.windows.push(...batch(1, AT, { uid: second }).windows);
    return recorder.take(one);
  });
  await Promise.all(takes);
  for (const uid of [UID, OTHER_UID]) expect((await windows(uid))[0]).toMatchObject({ codes: { 200: 24 } });
});

test("counts that come late go to their own time, and only to windows that are still kept", async () => {
  const { recorder, windows } = await testRecorder(NOW);
  await recorder.take(batch(1, AT - 3_600_000));
  expect((await windows()).map(({ at }) => at)).toEqual([
    "2026-03-01T11:03:20.000Z",
    "2026-03-01T11:03:00.000Z",
    "2026-03-01T11:00:00.000Z",
  ]);
  await recorder.take(batch(2, AT - 7 * 3_600_000));
  await recorder.take(batch(3, AT + 3_600_000));
  expect(await windows()).toHaveLength(3);
});

test("the last use of a token moves forward only, its calls add up, and an unknown token is passed over", async () => {
  const { recorder, db } = await testRecorder(NOW);
  const hmac = Buffer.alloc(32, 3);
  await db.pool.query(
    "INSERT INTO client_token (id, deployment_uid, client, hmac, hint) VALUES ('t', $1, 'app', $2, '')",
    [UID, hmac],
  );
  const use = (sequence: number, lastUsedMs: number, calls: number, of = hmac) =>
    recorder.take(
      create(RecordBatchSchema, {
        ...{ routerId: "gateway-1", sequence: BigInt(sequence) },
        tokenUses: [{ hmac: of, lastUsedMs: BigInt(lastUsedMs), calls }],
      }),
    );
  await use(1, NOW - 1_000, 3);
  await use(2, NOW - 9_000, 2);
  await use(3, NOW, 1, Buffer.alloc(32, 4));
  await use(2, NOW, 100);
  const { rows } = await db.pool.query("SELECT last_used_at, calls FROM client_token");
  expect(rows).toEqual([{ last_used_at: new Date(NOW - 1_000), calls: "5" }]);
});

test("what breaks a limit or is no count is refused whole, by the name of the field", async () => {
  const { recorder, windows } = await testRecorder(NOW);
  const window = { deploymentUid: UID, atMs: BigInt(AT) };
  const of = (fields: MessageInitShape<typeof RecordBatchSchema>) =>
    create(RecordBatchSchema, { routerId: "gateway-1", sequence: 1n, ...fields });
  for (const [wrong, field] of [
    [of({ windows: Array.from({ length: BATCH_LIMITS.windows + 1 }, () => window) }), "windows"],
    [of({ sequence: 0n }), "router_id"],
    [of({ windows: [window, { ...window, deploymentUid: "iris" }] }), "windows.deployment_uid"],
    [of({ windows: [window, { ...window, codes: { teapot: 1 } }] }), "windows.codes"],
    [of({ windows: [window, { ...window, latency: { 168: 1 } }] }), "windows.latency"],
    [of({ windows: [window], tokenUses: [{ hmac: Buffer.alloc(5) }] }), "token_uses.hmac"],
  ] as const) {
    await expect(recorder.take(wrong)).rejects.toMatchObject({ code: "request/invalid", field });
  }
  expect(await windows()).toEqual([]);
  expect(await recorder.take(batch(1, AT))).toBe(true);
});

test("a batch whose transaction fails is not known, so it can come again", async () => {
  const { recorder, db, windows } = await testRecorder(NOW);
  await db.pool.query("ALTER TABLE metric_rollup RENAME TO away");
  await expect(recorder.take(batch(1, AT))).rejects.toThrow();
  await db.pool.query("ALTER TABLE away RENAME TO metric_rollup");
  expect(await recorder.take(batch(1, AT))).toBe(true);
  expect((await windows())[0]).toMatchObject({ codes: { 200: 1 } });
});

test("while the disk is nearly full nothing is stored, and what was refused can come again", async () => {
  let isFull = true;
  const shortage = async () => (isFull ? { freeBytes: 1, reserveBytes: 2 } : null);
  const { recorder, windows } = await testRecorder(NOW, { shortage });
  await expect(recorder.take(batch(1, AT))).rejects.toMatchObject({ code: "platform/disk_full" });
  expect(await windows()).toEqual([]);
  isFull = false;
  expect(await recorder.take(batch(1, AT))).toBe(true);
});
