import { connect } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { GatewayConfig } from "../config.ts";
import { type ReplicaAnswer, startFakeReplica } from "../testing/fake-replica.ts";
import { Bench, INTERNAL_SECRET, route, target } from "../testing/test-gateway.ts";

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

  test("answers what is no plain HTTP/1.1 request with an error of the table", async () => {
    const { gateway, replica } = await served();
    const last = "connection: close\r\ncontent-length: 2\r\n";
    const path = "/serve/default/iris/v2/models/iris/infer";
    const shapes: [request: string, status: number, code: string][] = [
      [`${HEAD}host: y\r\n${last}\r\n{}`, 400, "request/invalid"],
      [`${HEAD}host: x\r\n${last}\r\n{}`, 400, "request/invalid"],
      [`POST ${path} HTTP/1.1\r\n${last}\r\n{}`, 400, "request/invalid"],
      ["GET /health/live HTTP/1.1\r\nhost: x\r\nhost: x\r\nconnection: close\r\n\r\n", 400, "request/invalid"],
      [`${HEAD}expect: a-miracle\r\n${last}\r\n{}`, 417, "request/expectation"],
      [`POST ${path} HTTP/2.0\r\nhost: x\r\n${last}\r\n{}`, 505, "request/http_version"],
      ["GET /health/live HTTP/0.9\r\nhost: x\r\n\r\n", 505, "request/http_version"],
    ];
    for (const [shape, status, code] of shapes) {
      const answer = await gateway.raw(shape);
      expect(answer, JSON.stringify(shape)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer).toContain(`"code":"${code}"`);
    }
    expect(replica.started).toBe(0);
  });

  test("serves a target in absolute form by its path, whichever host it names", async () => {
    const { gateway, replica } = await served();
    const head = "POST http://elsewhere.example/serve/default/iris/v2/models/iris/infer?a=b HTTP/1.1\r\nhost: x\r\n";
    expect(await gateway.raw(`${head}connection: close\r\ncontent-length: 2\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(replica.seen.map(({ url }) => url)).toEqual(["/v2/models/uid-1/versions/v1/infer"]);
    const live = await gateway.raw("GET http://x/health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    expect(live).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("passes on a caller's headers behind the platform's own, and refuses more than 100 of them", async () => {
    const { gateway, replica } = await served();
    const send = (count: number) => {
      const headers = Array.from({ length: count }, (_, n) => `x-own-${n}: ${n}\r\n`).join("");
      return gateway.raw(`${HEAD}${headers}connection: close\r\ncontent-length: 2\r\n\r\n{}`);
    };
    // Host, Connection and Content-Length count too.
    expect(await send(97)).toMatch(/^HTTP\/1\.1 200 /);
    const names = replica.seen[0]?.rawHeaders.filter((_, index) => index % 2 === 0) ?? [];
    const firstOwn = names.findIndex((name) => name.startsWith("x-own-"));
    const platforms = ["authorization", "x-slipway-served-name", "x-request-id", "x-slipway-timeout-ms"];
    expect(names.slice(0, firstOwn)).toEqual(expect.arrayContaining(platforms));
    expect(names).toContain("x-own-96");
    for (const count of [98, 200, 800]) {
      const refused = await send(count);
      expect(refused).toMatch(/^HTTP\/1\.1 431 /);
      expect(refused).toContain('"code":"request/too_many_headers"');
    }
    expect(replica.started).toBe(1);
  });

  test("tells only those who run the platform the metrics, and why it is not ready", async () => {
    const { gateway } = await served();
    await gateway.infer();
    for (const authorization of [undefined, "Bearer wrong", "Bearer slw_alice", "Basic eDp5"]) {
      const headers = authorization === undefined ? {} : { authorization };
      const refused = await fetch(`${gateway.url}/metrics`, { headers });
      expect(refused.status).toBe(401);
      expect(await refused.text()).not.toContain("iris");
      const ready = await fetch(`${gateway.url}/health/ready`, { headers });
      expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
    }
    expect((await gateway.metric("slipway_gateway_requests_total")).join()).toContain('deployment="iris"');
    const starting = await bench.gateway([]);
    const ask = (headers: Record<string, string>) => fetch(`${starting.url}/health/ready`, { headers });
    expect(await (await ask({})).json()).toEqual({ ready: false });
    const told = await ask({ authorization: `Bearer ${INTERNAL_SECRET}` });
    expect(await told.json()).toEqual({ ready: false, reason: expect.any(String) });
  });

  test("says at / what it is and where to go, to a browser, to curl and to a program, and nothing of what is deployed", async () => {
    const { gateway } = await served({ consoleUrl: "http://127.0.0.1:7000" });
    const get = async (accept: string) => {
      const response = await fetch(`${gateway.url}/`, { headers: { accept } });
      return { type: response.headers.get("content-type"), text: await response.text() };
    };
    const page = await get("text/html,application/xhtml+xml,*/*;q=0.8");
    expect(page.type).toMatch(/^text\/html/);
    expect(page.text).toContain("/serve/&#60;group&#62;/&#60;deployment&#62;/v2");
    const text = await get("*/*");
    expect(text.type).toMatch(/^text\/plain/);
    expect(text.text).toContain("POST /serve/<group>/<deployment>/v2/models/<deployment>/infer");
    const json = await get("application/json");
    expect(JSON.parse(json.text)).toMatchObject({ name: "slipway-gateway", console: "http://127.0.0.1:7000" });
    for (const answer of [page, text, json]) {
      expect(answer.text).toContain("http://127.0.0.1:7000");
      expect(answer.text).not.toContain("iris");
    }
    expect((await fetch(`${gateway.url}/`, { method: "POST", body: "x" })).status).toBe(404);
  });

  test("keeps to itself what a Connection header names", async () => {
    const { gateway, replica } = await served();
    const headers = "connection: close, X-Own, x-other\r\nx-own: 1\r\nx-other: 2\r\nx-kept: 3\r\n";
    expect(await gateway.raw(`${HEAD}${headers}content-length: 2\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 200 /);
    const seen = replica.seen[0]?.headers ?? {};
    expect([seen["x-own"], seen["x-other"], seen["x-kept"]]).toEqual([undefined, undefined, "3"]);
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
