import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { SetVersionSchema } from "@slipway/rpc/control/common";
import { RouteTableSchema } from "@slipway/rpc/control/router";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startFakeReplica } from "../testing/fake-replica.ts";
import { Bench, type RunningGateway, route, target, token } from "../testing/test-gateway.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

const ready = (gateway: RunningGateway) =>
  vi.waitFor(() => expect(gateway.gateway.ready().ready).toBe(true), { timeout: 5_000 });

async function replica(answer?: Parameters<typeof startFakeReplica>[0]) {
  const started = await startFakeReplica(answer);
  bench.defer(() => started.stop());
  return started;
}

describe("a gateway that follows the leader", () => {
  test("is not ready and answers 503 until it has a table", async () => {
    const scheduler = await bench.scheduler();
    scheduler.isSilent = true;
    const gateway = await bench.gateway([scheduler.address]);
    expect(gateway.gateway.ready().ready).toBe(false);
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
    expect(await (await gateway.infer()).json()).toMatchObject({ code: "gateway/starting" });
  });

  test("tells which table it routes by, at once and again each second", async () => {
    const scheduler = await bench.scheduler();
    scheduler.set(route([]));
    const gateway = await bench.gateway([scheduler.address]);
    await ready(gateway);
    await vi.waitFor(() => expect(scheduler.applied).toEqual([{ epoch: 1n, version: 1n }]));
    await vi.waitFor(() => expect(scheduler.applied.length).toBeGreaterThan(2), { timeout: 4_000 });
  });

  test("switches routes under load without one failed request, and releases the old target only when it is idle there", async () => {
    const slow: (() => void)[] = [];
    const old = await replica(({ body }, response) => {
      if (body === "slow") slow.push(() => response.end('{"from":"old"}'));
      else response.end('{"from":"old"}');
    });
    const next = await replica((_, response) => response.end('{"from":"new"}'));
    const scheduler = await bench.scheduler();
    scheduler.set(route([target(old.address)]));
    const gateway = await bench.gateway([scheduler.address]);
    await ready(gateway);
    const held = gateway.infer("iris", { body: "slow" });
    await vi.waitFor(() => expect(slow).toHaveLength(1));
    const failed: number[] = [];
    const from = new Set<string>();
    let isOver = false;
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const response = await gateway.infer("iris", { body: "quick" });
        if (response.status !== 200) failed.push(response.status);
        from.add((await response.json()).from);
      }
    });
    await vi.waitFor(() => expect(from).toContain("old"));
    for (let flip = 0; flip < 10; flip += 1) {
      scheduler.set(route([target(next.address, { version: "v2" })]));
      await vi.waitFor(() => expect(scheduler.applied.at(-1)?.version).toBe(scheduler.version));
      scheduler.set(route([target(flip === 9 ? next.address : old.address, { version: flip === 9 ? "v2" : "v1" })]));
      await vi.waitFor(() => expect(scheduler.applied.at(-1)?.version).toBe(scheduler.version));
    }
    expect(scheduler.released).not.toContain("uid-1/v1@platform/onnx/0");
    for (const finish of slow) finish();
    expect((await held).status).toBe(200);
    await vi.waitFor(() => expect(scheduler.released).toContain("uid-1/v1@platform/onnx/0"));
    await vi.waitFor(() => expect(from).toContain("new"));
    isOver = true;
    await Promise.all(load);
    expect(failed).toEqual([]);
  });

  test("releases a target that nothing used at once, and tells a next leader again", async () => {
    const one = await replica();
    const scheduler = await bench.scheduler();
    scheduler.set(route([target(one.address)]));
    const gateway = await bench.gateway([scheduler.address]);
    await ready(gateway);
    scheduler.remove("default/iris");
    await vi.waitFor(() => expect(scheduler.released).toEqual(["uid-1/v1@platform/onnx/0"]));
    const { port } = scheduler;
    scheduler.stop();
    const second = await bench.scheduler({ port, epoch: 2n });
    await vi.waitFor(() => expect(second.released).toEqual(["uid-1/v1@platform/onnx/0"]), { timeout: 5_000 });
  });

  test("does not release a target whose replica only moved to another address", async () => {
    const [one, two] = [await replica(), await replica()];
    const scheduler = await bench.scheduler();
    scheduler.set(route([target(one.address)]));
    const gateway = await bench.gateway([scheduler.address]);
    await ready(gateway);
    scheduler.set(route([target(two.address)]));
    await vi.waitFor(() => expect(scheduler.applied.at(-1)?.version).toBe(2n));
    expect((await gateway.infer()).status).toBe(200);
    expect(two.seen).toHaveLength(1);
    expect(scheduler.released).toEqual([]);
  });

  test("asks for everything when a change does not fit what it holds", async () => {
    const scheduler = await bench.scheduler();
    scheduler.set(route([]));
    const gateway = await bench.gateway([scheduler.address]);
    await ready(gateway);
    const set = create(SetVersionSchema, { epoch: 1n, base: 77n, version: 78n, lastChunk: true });
    scheduler.sendRaw({ case: "table", value: create(RouteTableSchema, { set }) });
    await vi.waitFor(() => expect(scheduler.mismatches).toBe(1));
    expect(gateway.gateway.ready().ready).toBe(true);
  });

  test("finds the leader among standbys, and the next one when it dies", async () => {
    const one = await replica();
    const standby = await bench.scheduler({ leads: false });
    const leader = await bench.scheduler({ epoch: 5n });
    leader.set(route([target(one.address)]));
    const gateway = await bench.gateway([standby.address, leader.address]);
    await ready(gateway);
    leader.stop();
    const { port } = standby;
    standby.stop();
    expect((await gateway.infer()).status).toBe(200);
    const next = await bench.scheduler({ epoch: 6n, port });
    next.set(route([], { running: false }));
    await vi.waitFor(async () => expect((await (await gateway.infer()).json()).code).toBe("gateway/stopped"), {
      timeout: 5_000,
    });
  });

  test("never obeys an older epoch, not even after a restart", async () => {
    const stateDirectory = bench.stateDirectory();
    const current = await bench.scheduler({ epoch: 9n });
    current.set(route([], { running: false }));
    const first = await bench.gateway([current.address], { stateDirectory });
    await ready(first);
    const stale = await bench.scheduler({ epoch: 8n });
    stale.set(route([], { deployment: "stale" }));
    await first.stop();
    const second = await bench.gateway([stale.address], { stateDirectory });
    await vi.waitFor(() => expect(stale.hellos.length).toBeGreaterThan(1), { timeout: 5_000 });
    expect(stale.hellos.every(({ highestEpoch }) => highestEpoch === 9n)).toBe(true);
    expect(stale.applied).toEqual([]);
    expect(second.gateway.ready().ready).toBe(false);
    const metric = await second.metric("slipway_gateway_stale_epochs_total");
    expect(metric[0]).toMatch(/ [1-9]\d*$/);
  });

  test("leaves a leader that still speaks for one of a newer epoch, and drops what the old one says afterwards", async () => {
    const old = await bench.scheduler({ epoch: 1n });
    old.set(route([], { running: false }));
    const next = await bench.scheduler({ epoch: 2n, leads: false });
    const gateway = await bench.gateway([old.address, next.address]);
    await ready(gateway);
    const { port } = next;
    next.stop();
    const leading = await bench.scheduler({ epoch: 2n, port });
    leading.set(route([]));
    await vi.waitFor(async () => expect((await (await gateway.infer()).json()).code).toBe("gateway/no_replica"), {
      timeout: 5_000,
    });
    old.set(route([], { running: false, timeoutMs: 1n }));
    await vi.waitFor(() => expect(leading.applied.length).toBeGreaterThan(1), { timeout: 5_000 });
    expect((await (await gateway.infer()).json()).code).toBe("gateway/no_replica");
  });
});

describe("a gateway without a scheduler", () => {
  test("goes on serving, and after a restart serves by the table on disk, which only its owner can read and holds no token", async () => {
    const stateDirectory = bench.stateDirectory();
    const one = await replica();
    const scheduler = await bench.scheduler();
    scheduler.set(route([target(one.address)], { tokens: [token("alice", "slw_alice_secret")] }));
    const first = await bench.gateway([scheduler.address], { stateDirectory });
    await ready(first);
    scheduler.stop();
    expect((await first.infer()).status).toBe(200);
    await first.stop();
    const file = join(stateDirectory, "routes.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "latin1")).not.toContain("slw_alice_secret");
    const second = await bench.gateway([scheduler.address], { stateDirectory });
    expect(second.gateway.ready().ready).toBe(false);
    await ready(second);
    expect((await second.infer()).status).toBe(200);
  });

  test("is not confused by a damaged table on disk", async () => {
    const stateDirectory = bench.stateDirectory();
    writeFileSync(join(stateDirectory, "routes.json"), '{"format":1,"epoch":"1","version":"1","routes":["////"]}');
    writeFileSync(join(stateDirectory, "epoch.json"), "not json");
    const gateway = await bench.gateway(["127.0.0.1:1"], { stateDirectory });
    expect(gateway.gateway.ready().ready).toBe(false);
    const scheduler = await bench.scheduler();
    scheduler.set(route([]));
    const other = await bench.gateway([scheduler.address], { stateDirectory });
    await ready(other);
  });
});
