import { afterEach, describe, expect, test, vi } from "vitest";
import { type ReplicaAnswer, startFakeReplica } from "../testing/fake-replica.ts";
import { Bench, route, target } from "../testing/test-gateway.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

const misdirected: ReplicaAnswer = (_, response) => {
  response.writeHead(421, { "content-type": "application/json" });
  response.end('{"error":"not here","code":"model/not_loaded"}');
};

async function served(answers: (ReplicaAnswer | undefined)[], fields: Parameters<typeof route>[1] = {}) {
  const replicas = await Promise.all(answers.map((answer) => startFakeReplica(answer)));
  for (const replica of replicas) bench.defer(() => replica.stop());
  const scheduler = await bench.scheduler();
  scheduler.set(
    route(
      replicas.map(({ address }, index) => target(address, { replica: index })),
      fields,
    ),
  );
  const gateway = await bench.gateway([scheduler.address]);
  await vi.waitFor(() => expect(gateway.gateway.ready().ready).toBe(true));
  const started = () => replicas.map((replica) => replica.started);
  return { gateway, scheduler, replicas, started };
}

const statuses = async (responses: Promise<Response>[]) => (await Promise.all(responses)).map(({ status }) => status);

describe("a request with several replicas", () => {
  test("never fails because one of them refuses connections", async () => {
    const { gateway, replicas } = await served([undefined, undefined]);
    replicas[0]?.kill();
    expect(await statuses(Array.from({ length: 20 }, () => gateway.infer()))).toEqual(Array(20).fill(200));
    expect(replicas[1]?.seen).toHaveLength(20);
  });

  test("goes to another one when the first says 421, with the same body", async () => {
    const { gateway, replicas } = await served([misdirected, undefined]);
    for (let n = 0; n < 6; n += 1) expect((await gateway.infer("iris", { body: `body ${n}` })).status).toBe(200);
    expect(replicas[1]?.seen.map(({ body }) => body)).toEqual(Array.from({ length: 6 }, (_, n) => `body ${n}`));
    expect(replicas[0]?.started).toBeGreaterThan(0);
    expect(await gateway.metric("slipway_gateway_retries_total")).toEqual([
      expect.stringMatching(new RegExp(` ${replicas[0]?.started}$`)),
    ]);
  });

  test("is not tried again after an error of the caller or of the model", async () => {
    for (const status of [400, 404, 409, 429, 500, 503]) {
      const { gateway, started } = await served([
        (_, response) => response.writeHead(status).end("{}"),
        (_, response) => response.writeHead(status).end("{}"),
      ]);
      expect((await gateway.infer()).status).toBe(status);
      expect(started().reduce((sum, count) => sum + count)).toBe(1);
    }
  });

  test("is not tried again once it was sent, however the replica died", async () => {
    const die: ReplicaAnswer = (_, response) => response.socket?.destroy();
    const { gateway, started } = await served([die, die]);
    const response = await gateway.infer();
    expect([response.status, (await response.json()).code]).toEqual([502, "gateway/upstream_lost"]);
    expect(started().reduce((sum, count) => sum + count)).toBe(1);
  });

  test("goes where the least is in flight", async () => {
    const held: (() => void)[] = [];
    const { gateway, replicas } = await served([(_, response) => held.push(() => response.end("{}")), undefined]);
    const slow: Promise<Response>[] = [];
    for (let sent = 0; held.length === 0; sent += 1) {
      expect(sent).toBeLessThan(10);
      const before = replicas[1]?.seen.length;
      slow.push(gateway.infer());
      await vi.waitFor(() => expect(held.length + (replicas[1]?.seen.length ?? 0)).toBeGreaterThan(before ?? 0));
    }
    const before = replicas[1]?.seen.length ?? 0;
    for (let n = 0; n < 5; n += 1) expect((await gateway.infer()).status).toBe(200);
    expect(replicas[1]?.seen).toHaveLength(before + 5);
    expect(held).toHaveLength(1);
    for (const finish of held) finish();
    await Promise.all(slow);
  });
});

describe("a request with one replica", () => {
  test("is told at once that there is none while it is down, and is served as soon as it is back at any address", async () => {
    const { gateway, scheduler, replicas } = await served([undefined]);
    replicas[0]?.kill();
    for (let n = 0; n < 5; n += 1) {
      const startedMs = performance.now();
      const response = await gateway.infer();
      expect([response.status, (await response.json()).code]).toEqual([503, "gateway/no_replica"]);
      expect(performance.now() - startedMs).toBeLessThan(1_000);
    }
    const moved = await startFakeReplica();
    bench.defer(() => moved.stop());
    scheduler.set(route([target(moved.address)]));
    await vi.waitFor(async () => expect((await gateway.infer()).status).toBe(200));
  });

  test("is served again at the same address when the replica is back there", async () => {
    const { gateway, replicas } = await served([undefined]);
    await replicas[0]?.stop();
    expect((await gateway.infer()).status).toBe(503);
    const back = await startFakeReplica(undefined, replicas[0]?.port);
    bench.defer(() => back.stop());
    await vi.waitFor(async () => expect((await gateway.infer()).status).toBe(200), { timeout: 3_000 });
  });

  test("gets 503 when the replica says 421, also for a body that cannot be sent twice", async () => {
    const { gateway } = await served([misdirected]);
    expect((await gateway.infer()).status).toBe(503);
    const large = await gateway.infer("iris", { body: "x".repeat(3_000_000) });
    expect([large.status, (await large.json()).code]).toEqual([503, "gateway/no_replica"]);
  });

  test("has a large body sent to another replica when the first cannot be reached", async () => {
    const { gateway, replicas } = await served([undefined, undefined]);
    replicas[0]?.kill();
    const body = "y".repeat(3_000_000);
    expect(await statuses([1, 2, 3].map(() => gateway.infer("iris", { body })))).toEqual([200, 200, 200]);
    expect(replicas[1]?.seen.every((seen) => seen.body === body)).toBe(true);
  });
});
