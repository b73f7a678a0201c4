import { fromBinary } from "@bufbuild/protobuf";
import { RecordBatchSchema } from "@slipway/rpc/control/recorder";
import { expect, test } from "vitest";
import { BatchQueue, QUEUE_LIMITS } from "./batch-queue.ts";

const window = (index: number) => ({
  deploymentUid: `uid-${index}`,
  codes: { 200: 2 },
  latency: { 20: 2 },
  maxInFlight: 1,
});
const use = (index: number) => ({ hmac: index.toString(16).padStart(64, "0"), lastUsedMs: 1_000.4, calls: 1 });

function drain(queue: BatchQueue) {
  const batches = [];
  for (let first = queue.first; first !== undefined; first = queue.first) {
    batches.push(fromBinary(RecordBatchSchema, first.bytes));
    queue.done(first);
  }
  return batches;
}

test("nothing counted makes no batch; much is cut into batches that each bear the next number", () => {
  const queue = new BatchQueue("gateway-1");
  queue.push(10_000, { windows: [], uses: [] });
  expect(queue.length).toBe(0);
  const uses = Array.from({ length: 5_000 }, (_, index) => use(index));
  queue.push(20_000, { windows: Array.from({ length: 120 }, (_, index) => window(index)), uses });
  queue.push(30_000, { windows: [window(0)], uses: [] });
  const batches = drain(queue);
  expect(batches.map(({ sequence, windows, tokenUses }) => [sequence, windows.length, tokenUses.length])).toEqual([
    [1n, 100, 2_000],
    [2n, 20, 2_000],
    [3n, 0, 1_000],
    [4n, 1, 0],
  ]);
  expect(batches.map((batch) => batch.windows[0]?.atMs)).toEqual([20_000n, 20_000n, undefined, 30_000n]);
  expect(new Set(batches.slice(0, 2).flatMap((batch) => batch.windows.map((each) => each.deploymentUid))).size).toBe(
    120,
  );
});

test("what waits is bounded by count: the oldest goes, and its requests are counted as lost", () => {
  const queue = new BatchQueue("gateway-1");
  for (let n = 0; n < QUEUE_LIMITS.batches + 3; n += 1) queue.push(n * 10_000, { windows: [window(0)], uses: [] });
  expect(queue.length).toBe(QUEUE_LIMITS.batches);
  expect(queue.droppedRequests).toBe(6);
  expect(drain(queue)[0]?.sequence).toBe(4n);
});

test("what waits is bounded by bytes too", () => {
  const queue = new BatchQueue("gateway-1");
  const uid = "x".repeat(100_000);
  const windows = Array.from({ length: 40 }, (_, index) => ({ ...window(index), deploymentUid: uid }));
  for (let n = 0; n < 20; n += 1) queue.push(0, { windows, uses: [] });
  const bytes = drain(queue).reduce((sum, batch) => sum + batch.windows.length * uid.length, 0);
  expect(bytes).toBeLessThan(QUEUE_LIMITS.bytes);
  expect(queue.droppedRequests).toBeGreaterThan(0);
});

test("a batch that was dropped while it was being sent takes no other with it when its answer comes", () => {
  const queue = new BatchQueue("gateway-1");
  queue.push(0, { windows: [window(0)], uses: [] });
  const sending = queue.first;
  for (let n = 0; n < QUEUE_LIMITS.batches; n += 1) queue.push(0, { windows: [window(0)], uses: [] });
  if (sending !== undefined) queue.done(sending);
  expect(queue.length).toBe(QUEUE_LIMITS.batches);
});
