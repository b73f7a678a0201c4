import { status } from "@grpc/grpc-js";
import { type Target, Visibility } from "@slipway/rpc/control/router";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { GatewayConfig } from "../config.ts";
import { startGrpcReplica } from "../testing/fake-grpc-replica.ts";
import { answerOf, field, framed, RawGrpc } from "../testing/raw-grpc.ts";
import { Bench, route, target, token } from "../testing/test-gateway.ts";
import { forwardedMetadata } from "./call-metadata.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

const PUBLIC = { "slipway-deployment": "default/iris" };
/** A request of the protocol with raw content of this many bytes. */
const inferOf = (bytes: number) => Buffer.concat([field(3, "one"), field(7, Buffer.alloc(bytes))]);

async function served(
  answers: Parameters<typeof startGrpcReplica>[0][],
  fields: Parameters<typeof route>[1] = {},
  config: Partial<GatewayConfig> = {},
) {
  const replicas = await Promise.all(answers.map((answer) => startGrpcReplica(answer)));
  for (const replica of replicas) bench.defer(() => replica.kill());
  const targets = replicas.map(
    ({ address }, index): Target => ({ ...target(`127.0.0.1:${index + 1}`, { replica: index }), grpcAddress: address }),
  );
  const tokens = [token("alice", "slw_alice")];
  const scheduler = await bench.scheduler();
  scheduler.set(
    route(targets, fields),
    route(targets, { deployment: "private", visibility: Visibility.PRIVATE, tokens, ...fields }),
  );
  const gateway = await bench.gateway([scheduler.address], config);
  await vi.waitFor(() => expect(gateway.gateway.ready().ready).toBe(true));
  return { gateway, scheduler, replicas, client: () => rawClient(gateway.gateway.grpcAddress().port) };
}

function rawClient(port: number): RawGrpc {
  const client = new RawGrpc(`127.0.0.1:${port}`);
  bench.defer(() => client.close());
  return client;
}

describe("what is no gRPC call of ours", () => {
  test("is UNIMPLEMENTED where the service, the method or compression is not served", async () => {
    const { client, replicas } = await served(["echo"]);
    const caller = client();
    const compressed = { ...PUBLIC, "grpc-encoding": "gzip" };
    const answers = [
      await caller.call("/some.Service/Method", {}, Buffer.alloc(0)),
      await caller.call("NoSuchMethod", {}, Buffer.alloc(0)),
      await caller.call("/grpc.health.v1.Health/Watch", {}, Buffer.alloc(0)),
      await caller.call("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", {}, Buffer.alloc(0)),
      await caller.call("ModelInfer", compressed, inferOf(4)),
      await caller.call("ModelInfer", PUBLIC, framed(inferOf(4), 1), true),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.code]).toEqual([String(status.UNIMPLEMENTED), "request/unimplemented"]);
    }
    expect(answers.at(-1)?.headers["grpc-accept-encoding"]).toBe("identity");
    expect(replicas[0]?.seen).toEqual([]);
  });

  test("is its sender's fault where it is cut off, more than one message, or over the limits of metadata", async () => {
    const { client, replicas, gateway } = await served(["echo"]);
    const caller = client();
    const whole = framed(inferOf(100));
    const invalid = [Buffer.alloc(0), whole.subarray(0, 3), whole.subarray(0, -1), Buffer.concat([whole, whole])];
    for (const bytes of [...invalid, Buffer.concat([whole, Buffer.of(0)]), framed(inferOf(4), 7)]) {
      const { status: got, code } = await caller.call("ModelInfer", PUBLIC, bytes, true);
      expect([got, code]).toEqual([String(status.INVALID_ARGUMENT), "request/invalid"]);
    }
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-own-${n}`, "1"]));
    const crowded = await caller.call("ModelInfer", { ...PUBLIC, ...many(100) }, inferOf(4));
    expect([crowded.status, crowded.code]).toEqual([String(status.RESOURCE_EXHAUSTED), "request/too_many_headers"]);
    expect((await caller.call("ModelInfer", { ...PUBLIC, ...many(90) }, inferOf(4))).status).toBe("0");
    expect(replicas[0]?.seen).toHaveLength(1);
    // None of it is the deployment's own fault.
    expect((await gateway.metric("slipway_gateway_requests_total")).join()).not.toContain('code="5xx"');
  });

  test("keeps the headers of another hop, credentials and the platform's own names from the model server", () => {
    const hop = {
      "http2-settings": "AAMAAABk",
      "proxy-authorization": "x",
      trailer: "x",
      upgrade: "x",
      "keep-alive": "x",
    };
    const identity = { authorization: "x", cookie: "x", "x-forwarded-user": "x", "x-slipway-model": "x" };
    expect(forwardedMetadata({ ...hop, ...identity, ":path": "/", "x-kept": "1" })).toEqual({ "x-kept": "1" });
  });
});

test("gRPC's own health protocol tells the gateway's readiness, and a deployment's to who may call it", async () => {
  const { client, scheduler } = await served(["echo"]);
  const caller = client();
  const check = async (service: string, metadata = {}) => {
    const answer = await caller.call(
      "/grpc.health.v1.Health/Check",
      metadata,
      service === "" ? Buffer.alloc(0) : field(1, service),
    );
    return answer.status === "0" ? answer.body.subarray(5).toString("hex") : answer.code;
  };
  const [serving, notServing] = ["0801", "0802"];
  expect(await check("")).toBe(serving);
  expect(await check("inference.GRPCInferenceService")).toBe(serving);
  expect(await check("default/iris")).toBe(serving);
  expect(await check("default/private")).toBe("auth/missing");
  expect(await check("default/private", { authorization: "Bearer slw_alice" })).toBe(serving);
  expect(await check("default/nothing", { authorization: "Bearer slw_alice" })).toBe("gateway/no_endpoint");
  scheduler.set(route([]));
  await vi.waitFor(async () => expect(await check("default/iris")).toBe(notServing));
  const garbage = await caller.call("/grpc.health.v1.Health/Check", {}, Buffer.from("0aff", "hex"));
  expect([garbage.status, garbage.code]).toEqual([String(status.INVALID_ARGUMENT), "request/invalid"]);
});

describe("bytes that are held for callers", () => {
  test("are bounded for each of them, and come back at the deadline of calls that never end", async () => {
    const limits = { maxCallerBodyBytes: 1_000_000, maxBodyBytes: 1_500_000 };
    const { client, gateway, replicas } = await served(["echo"], {}, limits);
    const caller = client();
    const held = async () => Number((await gateway.metric("slipway_gateway_body_bytes{"))[0]?.split(" ")[1]);
    const slow = caller.open("ModelInfer", { ...PUBLIC, "grpc-timeout": "3S" });
    slow.write(framed(inferOf(900_000)).subarray(0, 900_000));
    const abandoned = answerOf(slow);
    await vi.waitFor(async () => expect(await held()).toBeGreaterThan(900_000));
    const refused = await caller.call("ModelInfer", PUBLIC, inferOf(200_000));
    expect([refused.status, refused.code]).toEqual([String(status.RESOURCE_EXHAUSTED), "gateway/bodies_full"]);
    // Another caller has a share of its own, and small requests go on.
    const alices = { "slipway-deployment": "default/private", authorization: "Bearer slw_alice" };
    expect((await caller.call("ModelInfer", alices, inferOf(200_000))).status).toBe("0");
    expect((await caller.call("ModelInfer", PUBLIC, inferOf(1_000))).status).toBe("0");
    const { status: ended, code } = await abandoned;
    expect([ended, code]).toEqual([String(status.DEADLINE_EXCEEDED), "request/timeout"]);
    await vi.waitFor(async () => expect(await held()).toBe(0));
    expect((await caller.call("ModelInfer", PUBLIC, inferOf(200_000))).status).toBe("0");
    expect(await gateway.metric("slipway_gateway_bodies_refused_total")).toEqual([expect.stringMatching(/ 1$/)]);
    expect(replicas[0]?.seen).toHaveLength(3);
  });

  test("are bounded over REST by the same share", async () => {
    const limits = { maxCallerBodyBytes: 1_000_000 };
    const { client, gateway } = await served(["echo"], {}, limits);
    const slow = client().open("ModelInfer", PUBLIC);
    slow.write(framed(inferOf(900_000)).subarray(0, 900_000));
    await vi.waitFor(async () =>
      expect(Number((await gateway.metric("slipway_gateway_body_bytes{"))[0]?.split(" ")[1])).toBeGreaterThan(900_000),
    );
    for (const path of ["v2/models/iris/infer", "api/v1.0/predictions"]) {
      const url = `${gateway.url}/serve/default/iris/${path}`;
      const refused = await fetch(url, { method: "POST", body: "x".repeat(200_000) });
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
      expect(await refused.json()).toMatchObject({ code: "gateway/bodies_full" });
    }
    slow.close();
    await vi.waitFor(async () =>
      expect(await gateway.metric("slipway_gateway_body_bytes{")).toEqual([expect.stringMatching(/ 0$/)]),
    );
  });

  test("are none for a call that cannot be served, which is told so before it has sent its message", async () => {
    const { client, replicas } = await served(["hang"], { inFlightPerReplica: 1, bodySizeBytes: 5_000n });
    const caller = client();
    const held = caller.call("ModelInfer", PUBLIC, inferOf(4));
    await vi.waitFor(() => expect(replicas[0]?.seen).toHaveLength(1));
    // Neither ends: only the answer can end them.
    expect((await answerOf(caller.open("ModelInfer", PUBLIC))).code).toBe("gateway/too_busy");
    replicas[0]?.kill();
    await held;
    const large = (await served(["echo"], { bodySizeBytes: 5_000n })).client().open("ModelInfer", PUBLIC);
    large.write(framed(inferOf(5_000)).subarray(0, 10));
    expect((await answerOf(large)).code).toBe("request/too_large");
  });
});

describe("a large message", () => {
  test("flows to the replica whole, also when the first one that is asked cannot be reached", async () => {
    const { client, replicas } = await served(["echo", "echo"]);
    replicas[0]?.kill();
    const caller = client();
    for (let n = 0; n < 3; n += 1) {
      expect((await caller.call("ModelInfer", PUBLIC, inferOf(3_000_000))).status).toBe("0");
    }
    expect(replicas[1]?.seen.map(({ request }) => request.rawInputContents[0]?.length)).toEqual(
      Array(3).fill(3_000_000),
    );
  });

  test("that breaks off half-way ends at the replica too", async () => {
    const { client, gateway } = await served(["echo"]);
    const caller = client();
    const stream = caller.open("ModelInfer", PUBLIC);
    stream.write(framed(inferOf(3_000_000)).subarray(0, 2_000_000));
    const inFlight = () => gateway.metric("slipway_gateway_requests_in_flight{");
    await vi.waitFor(async () => expect(await inFlight()).toEqual([expect.stringMatching(/ 1$/)]));
    stream.close(8);
    await vi.waitFor(async () => expect(await inFlight()).toEqual([expect.stringMatching(/ 0$/)]));
    expect((await caller.call("ModelInfer", PUBLIC, inferOf(4))).status).toBe("0");
  });
});

describe("a caller who misbehaves", () => {
  test("and does not read its answers holds up nobody else's", async () => {
    const { client } = await served(["large"]);
    const slow = client();
    // More than one session's window would be by default.
    for (let n = 0; n < 2; n += 1) {
      const stream = slow.open("ModelInfer", PUBLIC);
      stream.pause();
      stream.end(framed(inferOf(4)));
    }
    const other = client();
    const { status: got, body } = await other.call("ModelInfer", PUBLIC, inferOf(4));
    expect([got, body.length > 4_000_000]).toEqual(["0", true]);
  });

  test("and leaves has each of its calls ended at the replica at once", async () => {
    const { client, replicas } = await served(["hang"]);
    const leaving = client();
    for (let n = 0; n < 5; n += 1) {
      leaving
        .open("ModelInfer", PUBLIC)
        .on("error", () => undefined)
        .end(framed(inferOf(4)));
    }
    await vi.waitFor(() => expect(replicas[0]?.seen).toHaveLength(5));
    leaving.close();
    await vi.waitFor(() => expect(replicas[0]?.cancelled).toBe(5));
  });
});
