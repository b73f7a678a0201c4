import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startFakeReplica } from "../testing/fake-replica.ts";
import { Bench, route, target } from "../testing/test-gateway.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

async function served(answer?: Parameters<typeof startFakeReplica>[0], fields: Parameters<typeof route>[1] = {}) {
  const replica = await startFakeReplica(answer);
  bench.defer(() => replica.stop());
  const scheduler = await bench.scheduler();
  scheduler.set(route([target(replica.address)], fields));
  const gateway = await bench.gateway([scheduler.address]);
  await vi.waitFor(() => expect(gateway.gateway.ready().ready).toBe(true));
  return { gateway, scheduler, replica };
}

describe("a request to a deployment", () => {
  test("reaches the model and version on the replica, byte for byte, and its answer comes back", async () => {
    const { gateway, replica } = await served();
    const body = '{"inputs": [ 1.50, 9007199254740993 ]}';
    const response = await gateway.infer("iris", { body, headers: { "content-type": "application/json" } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ url: "/v2/models/uid-1/versions/v1/infer" });
    expect(replica.seen[0]).toMatchObject({ method: "POST", body });
    expect(replica.seen[0]?.headers).toMatchObject({
      authorization: "Bearer internal-secret-of-the-test",
      "x-slipway-served-name": "iris",
      "content-type": "application/json",
    });
  });

  test("cannot pretend an identity: internal and identity headers are stripped both ways", async () => {
    const { gateway, replica } = await served();
    const response = await gateway.infer("iris", {
      headers: {
        authorization: "Bearer forged",
        "X-Slipway-Client": "admin",
        "x-slipway-served-name": "other",
        "x-slipway-anything": "1",
        "x-forwarded-user": "admin",
        cookie: "a=b",
        "x-custom": "kept",
      },
    });
    const headers = replica.seen[0]?.headers ?? {};
    expect(headers.authorization).toBe("Bearer internal-secret-of-the-test");
    expect(headers["x-slipway-served-name"]).toBe("iris");
    expect(headers["x-custom"]).toBe("kept");
    for (const name of ["x-slipway-client", "x-slipway-anything", "x-forwarded-user", "cookie"]) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(response.headers.get("x-slipway-secret-thing")).toBeNull();
    expect(response.headers.get("server")).toBeNull();
  });

  test("keeps a well-formed request id and gets one of its own in place of any other", async () => {
    const { gateway, replica } = await served();
    const kept = await gateway.infer("iris", { headers: { "x-request-id": "caller-1.2:3" } });
    expect(kept.headers.get("x-request-id")).toBe("caller-1.2:3");
    expect(replica.seen[0]?.headers["x-request-id"]).toBe("caller-1.2:3");
    for (const bad of ["a".repeat(129), "two words", "a/b"]) {
      const made = await gateway.infer("iris", { headers: { "x-request-id": bad } });
      expect(made.headers.get("x-request-id")).toMatch(/^req_[A-Za-z0-9_-]{20}$/);
    }
    expect((await fetch(`${gateway.url}/nowhere`)).headers.get("x-request-id")).toMatch(/^req_/);
  });

  test("under another model's name, path or method is refused in words", async () => {
    const { gateway } = await served();
    const base = `${gateway.url}/serve/default/iris`;
    const code = async (path: string, method = "GET") => {
      const response = await fetch(`${base}${path}`, { method });
      const { code } = await response.json();
      return [response.status, code];
    };
    expect(await code("/v2/models/other/infer", "POST")).toEqual([404, "model/unknown"]);
    expect(await code("/v2/models/iris/versions/v9/infer", "POST")).toEqual([404, "model/unknown"]);
    expect(await code("/v2/models/iris/infer")).toEqual([405, "request/method_not_allowed"]);
    expect(await code("/v3")).toEqual([404, "request/not_found"]);
    expect(await code("/v2/models/iris/versions/v1/infer", "POST")).toEqual([200, undefined]);
  });

  test("for health and metadata is answered", async () => {
    const { gateway, scheduler, replica } = await served();
    const get = (path: string) => fetch(`${gateway.url}/serve/default/iris${path}`);
    expect(await (await get("/v2")).json()).toMatchObject({ name: "slipway", extensions: [] });
    expect((await get("/v2/health/live")).status).toBe(200);
    expect((await get("/v2/health/ready")).status).toBe(200);
    await get("/v2/models/iris");
    await get("/v2/models/iris/ready");
    expect(replica.seen.map(({ url }) => url)).toEqual([
      "/v2/models/uid-1/versions/v1",
      "/v2/models/uid-1/versions/v1/ready",
    ]);
    scheduler.set(route([]));
    await vi.waitFor(async () => expect((await get("/v2/health/ready")).status).toBe(503));
    expect((await get("/v2/health/live")).status).toBe(200);
  });

  test("asked for by HEAD is answered as by GET, without the body", async () => {
    const { gateway } = await served();
    const ask = async (method: string, path: string) => {
      const response = await fetch(`${gateway.url}${path}`, { method });
      return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
    };
    const base = "/serve/default/iris/v2";
    const paths = ["", "/health/live", "/health/ready", "/models/iris", "/models/iris/ready", "/nothing"];
    for (const path of ["/health/live", "/health/ready", ...paths.map((rest) => `${base}${rest}`)]) {
      expect(await ask("HEAD", path), path).toEqual({ ...(await ask("GET", path)), body: "" });
    }
    const infer = await fetch(`${gateway.url}${base}/models/iris/infer`, { method: "HEAD" });
    expect([infer.status, infer.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test("tells the replica how long its answer is waited for", async () => {
    const { gateway, replica } = await served(undefined, { timeoutMs: 7_000n });
    await gateway.infer();
    const leftMs = Number(replica.seen[0]?.headers["x-slipway-timeout-ms"]);
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(7_000);
  });

  test("of a stopped deployment, or of one without replicas, is told so at once", async () => {
    const { gateway, scheduler } = await served();
    scheduler.set(route([], { running: false }), route([], { deployment: "empty", key: "default/empty" }));
    await vi.waitFor(async () => expect((await gateway.infer()).status).toBe(503));
    const stopped = await gateway.infer();
    expect([stopped.headers.get("retry-after"), await stopped.json()]).toMatchObject([
      "1",
      { code: "gateway/stopped" },
    ]);
    expect(await (await gateway.infer("empty")).json()).toMatchObject({ code: "gateway/no_replica" });
  });

  test("with a body over the limit is refused whether it declares its size or not, and the replica answers nothing", async () => {
    const { gateway, replica } = await served(undefined, { bodySizeBytes: 2_000_000n });
    const tooMuch = "x".repeat(2_000_001);
    const declared = await gateway.infer("iris", { body: tooMuch });
    expect([declared.status, (await declared.json()).code]).toEqual([413, "request/too_large"]);
    expect(replica.started).toBe(0);
    const streamed = await gateway.infer("iris", chunked(tooMuch));
    expect([streamed.status, (await streamed.json()).code]).toEqual([413, "request/too_large"]);
    const small = await gateway.infer("iris", chunked("x".repeat(1_900_000)));
    expect(small.status).toBe(200);
    expect(replica.seen.map(({ body }) => body.length)).toEqual([1_900_000]);
  });

  test("that asks before it sends a large body is answered before it has sent it", async () => {
    const { gateway } = await served(undefined, { bodySizeBytes: 1_000n });
    const head = "POST /serve/default/iris/v2/models/iris/infer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
    const refused = await gateway.raw(`${head}expect: 100-continue\r\ncontent-length: 5000\r\n\r\n`);
    expect(refused).toMatch(/^HTTP\/1\.1 413 /);
    const welcome = await gateway.raw(`${head}expect: 100-continue\r\ncontent-length: 2\r\n\r\n{}`);
    expect(welcome).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  test("beyond the replica's limit in flight is told to come back, and the limit frees again", async () => {
    const waiting: (() => void)[] = [];
    const { gateway } = await served((_, response) => waiting.push(() => response.end("{}")), {
      inFlightPerReplica: 2,
    });
    const held = [gateway.infer(), gateway.infer()];
    await vi.waitFor(() => expect(waiting.length).toBe(2));
    const refused = await gateway.infer();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await refused.json()).toMatchObject({ code: "gateway/too_busy" });
    for (const finish of waiting) finish();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
    const after = gateway.infer();
    await vi.waitFor(() => expect(waiting.length).toBe(3));
    waiting[2]?.();
    expect((await after).status).toBe(200);
  });

  test("that the model does not answer in time ends with 504, and the replica's work is cancelled", async () => {
    const { gateway, replica } = await served(() => undefined, { timeoutMs: 150n });
    const response = await gateway.infer();
    expect([response.status, (await response.json()).code]).toEqual([504, "gateway/timeout"]);
    await vi.waitFor(() => expect(replica.aborted).toBe(1));
  });

  test("whose client goes away is cancelled at the replica", async () => {
    const { gateway, replica } = await served(() => undefined);
    const leaving = new AbortController();
    const response = gateway.infer("iris", { signal: leaving.signal }).catch((error: unknown) => error);
    await vi.waitFor(() => expect(replica.started).toBe(1));
    leaving.abort();
    await response;
    await vi.waitFor(() => expect(replica.aborted).toBe(1));
    await vi.waitFor(async () =>
      expect((await gateway.metric("slipway_gateway_requests_total")).join()).toContain('code="aborted"'),
    );
  });

  test("whose replica dies before or within its answer gets a clear 502", async () => {
    const { gateway, replica } = await served((_, response, count) => {
      if (count === 1) response.socket?.destroy();
      else {
        response.writeHead(200, { "content-length": "1000" });
        response.write("half", () => response.socket?.destroy());
      }
    });
    for (const _ of [1, 2]) {
      const response = await gateway.infer();
      expect([response.status, (await response.json()).code]).toEqual([502, "gateway/upstream_lost"]);
    }
    expect(replica.started).toBe(2);
  });

  test("whose long answer breaks off is cut, never ended as if it were whole", async () => {
    const { gateway } = await served((_, response) => {
      response.writeHead(200, { "content-length": "1000000" });
      response.write("x".repeat(500_000), () => response.socket?.destroy());
    });
    const response = await gateway.infer();
    await expect(response.text()).rejects.toThrow();
  });

  test("with a long answer gets all of it, also when it reads slowly", async () => {
    const text = "abcdefgh".repeat(500_000);
    const { gateway } = await served((_, response) => response.end(text));
    const got = await new Promise<string>((resolve, reject) => {
      const url = `${gateway.url}/serve/default/iris/v2/models/iris/infer`;
      httpRequest(url, { method: "POST", headers: { "content-length": 2 } }, (response) => {
        let all = "";
        response.setEncoding("latin1");
        response.on("readable", () => {
          // One small piece at a time, so that the gateway has to wait for its client.
          for (let piece = response.read(1_000); piece !== null; piece = response.read(1_000)) all += piece;
          const rest = response.read();
          if (rest !== null) all += rest;
        });
        response.on("end", () => resolve(all));
        response.on("error", reject);
      }).end("{}");
    });
    expect(got.length).toBe(text.length);
    expect(got === text).toBe(true);
  });

  test("that a replica's own errors answer passes them on unchanged, except when it refuses the gateway", async () => {
    const { gateway } = await served((_, response, count) => {
      response.writeHead(count === 1 ? 400 : 401, { "content-type": "application/json" });
      response.end('{"error":"Input x is missing.","code":"tensor/missing"}');
    });
    const passed = await gateway.infer();
    expect([passed.status, await passed.json()]).toMatchObject([400, { code: "tensor/missing" }]);
    const hidden = await gateway.infer();
    expect([hidden.status, await hidden.json()]).toMatchObject([500, { code: "internal" }]);
    expect(gateway.logged).toEqual([
      expect.objectContaining({ level: "error", requestId: hidden.headers.get("x-request-id") }),
    ]);
  });
});

function chunked(text: string): RequestInit {
  const stream = new ReadableStream({
    start(controller) {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length; at += 65_536) controller.enqueue(bytes.subarray(at, at + 65_536));
      controller.close();
    },
  });
  const init: RequestInit & { duplex: "half" } = { body: stream, duplex: "half" };
  return init;
}
