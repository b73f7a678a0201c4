import { createHmac } from "node:crypto";
import { latencyOfBucket } from "@slipway/contracts";
import { Visibility } from "@slipway/rpc/control/router";
import { afterEach, expect, test, vi } from "vitest";
import { startGrpcReplica } from "../testing/fake-grpc-replica.ts";
import { type ReplicaAnswer, startFakeReplica } from "../testing/fake-replica.ts";
import type { FakeScheduler } from "../testing/fake-scheduler.ts";
import { inferOverGrpc } from "../testing/infer-over-grpc.ts";
import { Bench, route, TOKEN_KEY, target, token } from "../testing/test-gateway.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

/** A gateway with a private deployment; what it counted is told when it stops. */
async function served(answer?: ReplicaAnswer) {
  const replica = await startFakeReplica(answer);
  const grpcReplica = await startGrpcReplica("echo");
  bench.defer(() => replica.stop());
  bench.defer(() => grpcReplica.kill());
  const scheduler = await bench.scheduler();
  const both = { ...target(replica.address), grpcAddress: grpcReplica.address };
  scheduler.set(
    route([both], { visibility: Visibility.PRIVATE, tokens: [token("alice", "slw_alice"), token("bob", "slw_bob")] }),
  );
  const gateway = await bench.gateway([scheduler.address]);
  await vi.waitFor(() => expect(gateway.gateway.ready().ready).toBe(true));
  const as = (text: string) => ({ headers: { authorization: `Bearer ${text}` } });
  return { gateway, scheduler, replica, as };
}

const hmacOf = (text: string) => createHmac("sha256", TOKEN_KEY).update(text).digest("hex");

function told({ batches }: FakeScheduler) {
  const codes: Record<string, number> = {};
  let slowestMs = 0;
  let requests = 0;
  for (const window of batches.flatMap(({ windows }) => windows)) {
    expect(window.deploymentUid).toBe("uid-of-iris");
    for (const [code, count] of Object.entries(window.codes)) codes[code] = (codes[code] ?? 0) + count;
    for (const [bucket, count] of Object.entries(window.latency)) {
      slowestMs = Math.max(slowestMs, latencyOfBucket(Number(bucket)));
      requests += count;
    }
  }
  const calls = new Map<string, number>();
  for (const { hmac, calls: more } of batches.flatMap(({ tokenUses }) => tokenUses)) {
    const key = Buffer.from(hmac).toString("hex");
    calls.set(key, (calls.get(key) ?? 0) + more);
  }
  return { codes, requests, slowestMs, calls };
}

test("every call of a deployment is told with its status, its latency and its token, over HTTP and over gRPC", async () => {
  const { gateway, scheduler, as } = await served();
  const beganMs = performance.now();
  for (let n = 0; n < 3; n += 1) expect((await gateway.infer("iris", as("slw_alice"))).status).toBe(200);
  expect((await gateway.infer("iris", as("slw_bob"))).status).toBe(200);
  expect((await gateway.infer("iris", as("slw_nobody"))).status).toBe(401);
  expect((await fetch(`${gateway.url}/serve/default/iris/nothing`, as("slw_bob"))).status).toBe(404);
  expect((await gateway.infer("nothing", as("slw_alice"))).status).toBe(403);
  const address = `127.0.0.1:${gateway.gateway.grpcAddress().port}`;
  const metadata = { "slipway-deployment": "default/iris", authorization: "Bearer slw_alice" };
  expect((await inferOverGrpc(address, metadata, { id: "one", rawInputContents: [] })).error).toBeUndefined();
  const tookMs = performance.now() - beganMs;
  await gateway.stop();
  const { codes, requests, slowestMs, calls } = told(scheduler);
  expect(codes).toEqual({ 200: 5, 401: 1, 404: 1 });
  expect(requests).toBe(7);
  expect(slowestMs).toBeLessThan(tookMs * 1.1);
  expect(Object.fromEntries(calls)).toEqual({ [hmacOf("slw_alice")]: 4, [hmacOf("slw_bob")]: 2 });
});

test("a client that goes away before its answer counts as aborted", async () => {
  const { gateway, scheduler, replica, as } = await served(() => undefined);
  const abort = new AbortController();
  const pending = gateway.infer("iris", { ...as("slw_alice"), signal: abort.signal });
  await vi.waitFor(() => expect(replica.started).toBe(1));
  abort.abort();
  await expect(pending).rejects.toThrow();
  await vi.waitFor(() => expect(replica.aborted).toBe(1));
  await gateway.stop();
  expect(told(scheduler).codes).toEqual({ aborted: 1 });
});
