import { latencyBucket } from "@slipway/contracts";
import { createRegistry } from "@slipway/service-kit";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GatewayMetrics } from "../metrics.ts";
import { CallRecords } from "./call-records.ts";

function records() {
  return new CallRecords(new GatewayMetrics(createRegistry("test")));
}

test("a call counts by its status and by the bucket of its latency, once", () => {
  const calls = records();
  const iris = calls.of("uid-1", "default", "iris");
  for (const [status, ms] of [
    [200, 3],
    [200, 3],
    [503, 700],
    [0, 40],
  ] as const) {
    calls.begin(iris);
    calls.end(iris, status, ms);
  }
  expect(calls.take().windows).toEqual([
    {
      deploymentUid: "uid-1",
      codes: { 200: 2, 503: 1, aborted: 1 },
      latency: { [latencyBucket(3)]: 2, [latencyBucket(700)]: 1, [latencyBucket(40)]: 1 },
      maxInFlight: 1,
    },
  ]);
  expect(calls.take().windows).toEqual([]);
  calls.begin(iris);
  calls.end(iris, 503, 3);
  expect(calls.take().windows).toEqual([
    { deploymentUid: "uid-1", codes: { 503: 1 }, latency: { [latencyBucket(3)]: 1 }, maxInFlight: 1 },
  ]);
});

test("the most calls at once are told, and calls that last are told of for as long as they do", () => {
  const calls = records();
  const iris = calls.of("uid-1", "default", "iris");
  for (let n = 0; n < 3; n += 1) calls.begin(iris);
  calls.end(iris, 200, 1);
  expect(calls.take().windows).toMatchObject([{ maxInFlight: 3, codes: { 200: 1 } }]);
  expect(calls.take().windows).toMatchObject([{ maxInFlight: 2, codes: {} }]);
  calls.end(iris, 200, 1);
  calls.end(iris, 200, 1);
  expect(calls.take().windows).toMatchObject([{ maxInFlight: 2, codes: { 200: 2 } }]);
  expect(calls.take().windows).toEqual([]);
});

test("a call of a deployment that nobody knows is told to no recorder, and one that turns out to be for one is", () => {
  const calls = records();
  const iris = calls.of("uid-1", "default", "iris");
  calls.begin(calls.nowhere);
  calls.end(calls.nowhere, 403, 1);
  calls.begin(calls.nowhere);
  calls.move(calls.nowhere, iris);
  calls.end(iris, 200, 1);
  expect(calls.take().windows).toMatchObject([{ deploymentUid: "uid-1", codes: { 200: 1 }, maxInFlight: 1 }]);
  expect(calls.nowhere.inFlight).toBe(0);
});

test("what a deployment did before it was deleted is told, and its successor of the same name counts for itself", () => {
  const calls = records();
  const old = calls.of("uid-1", "default", "iris");
  calls.begin(old);
  calls.forget(old);
  const next = calls.of("uid-2", "default", "iris");
  calls.begin(next);
  calls.end(old, 200, 1);
  calls.end(next, 500, 1);
  expect(calls.take().windows).toMatchObject([
    { deploymentUid: "uid-1", codes: { 200: 1 } },
    { deploymentUid: "uid-2", codes: { 500: 1 } },
  ]);
});

test("statuses beyond those that are told apart count together, and none is lost", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 100, max: 1_200 }), { maxLength: 300 }), (statuses) => {
      const calls = records();
      const iris = calls.of("uid-1", "default", "iris");
      for (const status of statuses) {
        calls.begin(iris);
        calls.end(iris, status, 1);
      }
      const codes = Object.values(calls.take().windows[0]?.codes ?? {});
      expect(codes.reduce((sum, count) => sum + count, 0)).toBe(statuses.length);
      expect(codes.length).toBeLessThanOrEqual(48);
    }),
  );
});

test("uses of a token add up until they are taken, and a token out of use is not remembered", () => {
  const calls = records();
  calls.useToken("aa", 1_000);
  calls.useToken("aa", 2_000);
  calls.useToken("bb", 1_500);
  expect(calls.take().uses).toEqual([
    { hmac: "aa", lastUsedMs: 2_000, calls: 2 },
    { hmac: "bb", lastUsedMs: 1_500, calls: 1 },
  ]);
  expect(calls.take().uses).toEqual([]);
  calls.useToken("aa", 3_000);
  expect(calls.take().uses).toEqual([{ hmac: "aa", lastUsedMs: 3_000, calls: 1 }]);
});
