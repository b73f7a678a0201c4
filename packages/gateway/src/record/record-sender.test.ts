import { status } from "@grpc/grpc-js";
import { createRegistry, silentLogger } from "@slipway/service-kit";
import { fakeClock, until } from "@slipway/testkit";
import { afterEach, expect, test } from "vitest";
import { GatewayMetrics } from "../metrics.ts";
import type { FakeScheduler } from "../testing/fake-scheduler.ts";
import { Bench, INTERNAL_SECRET } from "../testing/test-gateway.ts";
import { CallRecords } from "./call-records.ts";
import { RecordSender } from "./record-sender.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

const START = Date.parse("2026-01-01T00:00:03.000Z");

/** A sender whose time a test turns by hand. */
async function sender(schedulers: readonly FakeScheduler[]) {
  const clock = fakeClock(START);
  const records = new CallRecords(new GatewayMetrics(createRegistry("test")));
  const iris = records.of("uid-1", "default", "iris");
  const sending = new RecordSender(
    {
      schedulerAddresses: schedulers.map(({ address }) => address),
      internalSecret: INTERNAL_SECRET,
      routerId: "gateway-1",
    },
    { clock, logger: silentLogger, records, random: () => 0.5 },
  );
  await sending.start();
  return {
    sending,
    /** Counts requests and goes on to where they are queued. */
    async call(times: number): Promise<void> {
      for (let n = 0; n < times; n += 1) {
        records.begin(iris);
        records.end(iris, 200, 5);
      }
      await clock.advance(5_000);
    },
    /** Lets the pauses between attempts go by until something holds. */
    settle: (condition: () => boolean) =>
      until(async () => {
        await clock.advance(100);
        return condition();
      }),
  };
}

const counted = ({ batches }: FakeScheduler) =>
  batches.flatMap(({ windows }) => windows.map(({ atMs, codes }) => [Number(atMs) - START + 3_000, codes["200"] ?? 0]));
const total = (scheduler: FakeScheduler) => counted(scheduler).reduce((sum, [, count = 0]) => sum + count, 0);

test("what was counted goes out every 5 s, in the window of 10 s that it happened in", async () => {
  const scheduler = await bench.scheduler();
  const { call } = await sender([scheduler]);
  for (const [times, sum] of [
    [2, 2],
    [3, 5],
    [4, 9],
  ] as const) {
    await call(times);
    await until(() => total(scheduler) === sum);
  }
  expect(counted(scheduler)).toEqual([
    [0, 2],
    [0, 3],
    [10_000, 4],
  ]);
});

test("nothing is lost while no recorder can be reached, and it arrives with the time that it is of", async () => {
  const scheduler = await bench.scheduler();
  scheduler.recorderFails = status.UNAVAILABLE;
  const { call, sending, settle } = await sender([scheduler]);
  for (let n = 1; n <= 5; n += 1) await call(n);
  expect(sending.queue.length).toBe(5);
  expect(scheduler.batches).toEqual([]);
  scheduler.recorderFails = null;
  await settle(() => sending.queue.length === 0);
  expect(counted(scheduler)).toEqual([
    [0, 1],
    [0, 2],
    [10_000, 3],
    [10_000, 4],
    [20_000, 5],
  ]);
});

test("a batch whose answer was lost is sent again under its own number and counts once", async () => {
  const scheduler = await bench.scheduler();
  scheduler.recorderFails = "lost";
  const { call, sending, settle } = await sender([scheduler]);
  await call(7);
  await settle(() => scheduler.deliveries >= 3);
  scheduler.recorderFails = null;
  await settle(() => sending.queue.length === 0);
  expect(total(scheduler)).toBe(7);
});

test("any recorder will do: when one is gone the next takes over where it was", async () => {
  const [one, other] = [await bench.scheduler(), await bench.scheduler()];
  const { call, settle } = await sender([one, other]);
  await call(1);
  await until(() => total(one) === 1);
  one.stop();
  await call(2);
  await settle(() => total(other) === 2);
  expect(other.batches[0]?.sequence).toBe(2n);
});

test("a batch that a recorder refuses for good holds up none behind it, and its requests count as lost", async () => {
  const scheduler = await bench.scheduler();
  scheduler.recorderFails = status.INVALID_ARGUMENT;
  const { call, sending } = await sender([scheduler]);
  await call(4);
  await until(() => sending.queue.droppedRequests === 4);
  scheduler.recorderFails = null;
  await call(1);
  await until(() => total(scheduler) === 1);
});

test("a stop sends what is left", async () => {
  const scheduler = await bench.scheduler();
  scheduler.recorderFails = status.UNAVAILABLE;
  const { call, sending } = await sender([scheduler]);
  await call(3);
  await until(() => scheduler.deliveries > 0);
  scheduler.recorderFails = null;
  await sending.stop(AbortSignal.timeout(5_000));
  expect(total(scheduler)).toBe(3);
});

test("a stop without any recorder ends though nobody takes what is left", async () => {
  const gone = await bench.scheduler();
  const { call, sending } = await sender([gone]);
  gone.stop();
  await call(3);
  await sending.stop(AbortSignal.timeout(5_000));
  expect(sending.queue.length).toBe(1);
});
