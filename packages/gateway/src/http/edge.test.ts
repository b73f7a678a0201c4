import { connect } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { GatewayConfig } from "../config.ts";
import { type ReplicaAnswer, startFakeReplica } from "../testing/fake-replica.ts";
import { Bench, route, target } from "../testing/test-gateway.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

async function served(overrides: Partial<GatewayConfig> = {}, answer?: ReplicaAnswer) {
  const replica = await startFakeReplica(answer);
  bench.defer(() => replica.stop());
  const scheduler = await bench.scheduler();
  scheduler.set(route([target(replica.address)]));
  const gateway = await bench.gateway([scheduler.address], overrides);
  await vi.waitFor(() => expect(gateway.gateway.ready().ready).toBe(true));
  return { gateway, scheduler, replica };
}

const HEAD = "POST /serve/default/iris/v2/models/iris/infer HTTP/1.1\r\nhost: x\r\n";

describe("the edge", () => {
  test("refuses every shape of a request whose end is ambiguous, and closes", async () => {
    const { gateway, replica } = await served();
    const shapes = [
      `${HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${HEAD}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n`,
      `${HEAD}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`,
      `${HEAD}content-length: +5\r\n\r\nhello`,
      `${HEAD}content-length: 5, 5\r\n\r\nhello`,
      `${HEAD}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      `${HEAD}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`,
      `${HEAD}transfer-encoding : chunked\r\n\r\n0\r\n\r\n`,
      `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n\r\n`,
      `${HEAD}x: a\r\n b\r\ncontent-length\n: 5\r\n\r\nhello`,
    ];
    for (const shape of shapes) {
      const answer = await gateway.raw(shape);
      expect(answer, JSON.stringify(shape)).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer.match(/HTTP\/1\.1 \d/g), JSON.stringify(shape)).toHaveLength(1);
      expect(answer).toContain('"code":"request/invalid"');
      expect(answer).toMatch(/x-request-id: req_/);
    }
    expect(replica.seen).toHaveLength(0);
  });

  test("bounds the headers in size", async () => {
    const { gateway } = await served();
    const answer = await gateway.raw(`${HEAD}x-large: ${"a".repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('"code":"request/headers_too_large"');
  });

  test("cuts a connection that sends its headers, its body, or nothing at all too slowly", async () => {
    const { gateway, replica } = await served({ headersTimeoutMs: 300, requestTimeoutMs: 600 });
    const [silent, slowHead, slowBody] = await Promise.all([
      gateway.raw(""),
      gateway.raw("POST /serve/defa"),
      gateway.raw(`${HEAD}content-length: 10\r\n\r\n{`),
    ]);
    expect(silent).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(slowHead).toMatch(/^HTTP\/1\.1 408 /);
    expect(slowBody).toMatch(/^HTTP\/1\.1 408 /);
    expect(slowBody).toContain('"code":"request/timeout"');
    expect(replica.seen).toHaveLength(0);
    await vi.waitFor(async () =>
      expect(await gateway.metric("slipway_gateway_requests_in_flight{")).toEqual([expect.stringMatching(/ 0$/)]),
    );
  });

  test("takes no more connections than it may", async () => {
    const { gateway } = await served({ maxConnections: 2 });
    const { port } = gateway.gateway.address();
    const held = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
    bench.defer(() => {
      for (const socket of held) socket.destroy();
    });
    await vi.waitFor(() => expect(held.every(({ connecting }) => !connecting)).toBe(true));
    expect(await gateway.raw("GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).toBe("");
    held[0]?.destroy();
    await vi.waitFor(async () =>
      expect(await gateway.raw("GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).toMatch(/ 200 /),
    );
  });

  test("answers several requests that were sent at once on one connection, in order", async () => {
    const { gateway, replica } = await served();
    const one = (body: string, last = "") => `${HEAD}${last}content-length: ${body.length}\r\n\r\n${body}`;
    const answer = await gateway.raw(one("a") + one("bb") + one("ccc", "connection: close\r\n"));
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
    expect(replica.seen.map(({ body }) => body)).toEqual(["a", "bb", "ccc"]);
  });

  test("at a stop finishes what is in flight, takes nothing new and says that it is not ready", async () => {
    const waiting: (() => void)[] = [];
    const { gateway } = await served({}, (_, response) => waiting.push(() => response.end("{}")));
    const inFlight = gateway.infer();
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const { url } = gateway;
    const stopped = gateway.stop(5_000);
    expect(gateway.gateway.ready()).toMatchObject({ ready: false });
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    for (const finish of waiting) finish();
    expect((await inFlight).status).toBe(200);
    await stopped;
  });

  test("at the end of a stop's deadline cuts what is left", async () => {
    const { gateway } = await served({}, () => undefined);
    const hanging = gateway.infer().catch((error: unknown) => error);
    await vi.waitFor(async () =>
      expect((await gateway.metric("slipway_gateway_requests_in_flight{"))[0]).toMatch(/ 1$/),
    );
    await gateway.stop(100);
    expect(await hanging).toBeInstanceOf(Error);
  });
});
