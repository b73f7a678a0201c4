import { create } from "@bufbuild/protobuf";
import { Client, credentials, status } from "@grpc/grpc-js";
import { codeOfServiceError, methodDefinition } from "@slipway/rpc";
import { type Target, TokenMethod, Visibility } from "@slipway/rpc/control/router";
import { GRPCInferenceService, ServerLiveRequestSchema } from "@slipway/rpc/inference";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startGrpcReplica } from "../testing/fake-grpc-replica.ts";
import { type GrpcOutcome, inferOverGrpc } from "../testing/infer-over-grpc.ts";
import { Bench, type RunningGateway, route, target, token } from "../testing/test-gateway.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

const at = (address: string, replica: number): Target => ({
  ...target(`127.0.0.1:${replica + 1}`, { replica }),
  grpcAddress: address,
});

async function served(answers: Parameters<typeof startGrpcReplica>[0][], fields: Parameters<typeof route>[1] = {}) {
  const replicas = await Promise.all(answers.map((answer) => startGrpcReplica(answer)));
  for (const replica of replicas) bench.defer(() => replica.kill());
  const scheduler = await bench.scheduler();
  scheduler.set(
    route(
      replicas.map(({ address }, index) => at(address, index)),
      { visibility: Visibility.PRIVATE, tokens: [token("alice", "slw_alice")], ...fields },
    ),
  );
  const gateway = await bench.gateway([scheduler.address]);
  await vi.waitFor(() => expect(gateway.gateway.ready().ready).toBe(true));
  return { gateway, scheduler, replicas };
}

const METADATA = { "slipway-deployment": "default/iris", authorization: "Bearer slw_alice" };

function infer(
  gateway: RunningGateway,
  options: { metadata?: Record<string, string>; deadlineMs?: number; id?: string } = {},
) {
  const { metadata = METADATA, deadlineMs = 10_000, id = "one" } = options;
  const address = `127.0.0.1:${gateway.gateway.grpcAddress().port}`;
  const request = { modelName: "whatever", id, rawInputContents: [Buffer.alloc(100)] };
  return inferOverGrpc(address, metadata, request, deadlineMs);
}

const codeOf = ({ error }: GrpcOutcome) => (error === undefined ? null : [error.code, codeOfServiceError(error)]);

describe("a gRPC call", () => {
  test("reaches the model and version on the replica with the rest of its message untouched, as its client", async () => {
    const { gateway, replicas } = await served(["echo"]);
    const { response } = await infer(gateway, {
      metadata: { ...METADATA, "x-slipway-client": "admin", "x-slipway-served-name": "other", "x-custom": "kept" },
    });
    expect(response).toMatchObject({ modelName: "uid-1", modelVersion: "v1", id: "one" });
    const [seen] = replicas[0]?.seen ?? [];
    expect(seen?.request.rawInputContents[0]).toHaveLength(100);
    expect(seen?.metadata.get("authorization")).toEqual(["Bearer internal-secret-of-the-test"]);
    expect(seen?.metadata.get("x-slipway-client")).toEqual(["alice"]);
    expect(seen?.metadata.get("x-slipway-served-name")).toEqual(["iris"]);
    expect(seen?.metadata.get("x-custom")).toEqual(["kept"]);
  });

  test("names its deployment the way Seldon's clients do, too", async () => {
    const { gateway } = await served(["echo"]);
    const { authorization } = METADATA;
    expect((await infer(gateway, { metadata: { "seldon-model": "iris", authorization } })).response?.id).toBe("one");
    const unnamed = await infer(gateway, { metadata: { authorization } });
    expect(codeOf(unnamed)).toEqual([status.INVALID_ARGUMENT, "request/invalid"]);
  });

  test("is refused like one over REST: no, wrong, foreign credential, nothing there, stopped", async () => {
    const { gateway, scheduler } = await served(["echo"]);
    const as = (deployment: string, authorization?: string) =>
      infer(gateway, {
        metadata: { "slipway-deployment": deployment, ...(authorization === undefined ? {} : { authorization }) },
      }).then(codeOf);
    expect(await as("default/iris")).toEqual([status.UNAUTHENTICATED, "auth/missing"]);
    expect(await as("default/iris", "Bearer slw_wrong")).toEqual([status.UNAUTHENTICATED, "auth/unknown"]);
    expect(await as("default/none", "Bearer slw_alice")).toEqual([status.PERMISSION_DENIED, "gateway/no_endpoint"]);
    scheduler.set(route([], { running: false }));
    await vi.waitFor(async () => expect(await as("default/iris")).toEqual([status.UNAVAILABLE, "gateway/stopped"]));
  });

  test("is refused where the scope of its token leaves it out", async () => {
    const tokens = [
      token("reader", "slw_reader", { methods: [TokenMethod.METADATA] }),
      token("asker", "slw_asker", { methods: [TokenMethod.INFER] }),
    ];
    const { gateway } = await served(["echo"], { tokens });
    const as = (text: string) =>
      infer(gateway, { metadata: { "slipway-deployment": "default/iris", authorization: `Bearer ${text}` } });
    expect(codeOf(await as("slw_reader"))).toEqual([status.PERMISSION_DENIED, "auth/out_of_scope"]);
    expect((await as("slw_asker")).response?.id).toBe("one");
  });

  test("goes to another replica when one cannot be reached or does not hold the model, and only then", async () => {
    const { gateway, replicas } = await served(["not_loaded", "echo", "echo"]);
    replicas[2]?.kill();
    for (let n = 0; n < 6; n += 1) expect((await infer(gateway, { id: `${n}` })).response?.id).toBe(`${n}`);
    expect(replicas[1]?.seen).toHaveLength(6);
    const other = await served(["invalid", "invalid"]);
    expect(codeOf(await infer(other.gateway))).toEqual([status.INVALID_ARGUMENT, "tensor/missing"]);
    expect(other.replicas.flatMap(({ seen }) => seen)).toHaveLength(1);
  });

  test("whose replica dies gets UNAVAILABLE at once, and so does the next while there is none", async () => {
    const { replicas, gateway } = await served(["hang"]);
    const hanging = infer(gateway);
    await vi.waitFor(() => expect(replicas[0]?.seen).toHaveLength(1));
    replicas[0]?.kill();
    expect(codeOf(await hanging)).toEqual([status.UNAVAILABLE, "gateway/upstream_lost"]);
    expect(codeOf(await infer(gateway))).toEqual([status.UNAVAILABLE, "gateway/no_replica"]);
    expect(await gateway.metric("slipway_gateway_requests_in_flight{")).toEqual([expect.stringMatching(/ 0$/)]);
  });

  test("ends at its route's deadline, and at its caller's own, and the replica's work is cancelled", async () => {
    const { gateway, replicas } = await served(["hang"], { timeoutMs: 200n });
    expect(codeOf(await infer(gateway))).toEqual([status.DEADLINE_EXCEEDED, "gateway/timeout"]);
    await vi.waitFor(() => expect(replicas[0]?.cancelled).toBe(1));
    const patient = await served(["hang"]);
    expect((await infer(patient.gateway, { deadlineMs: 200 })).error?.code).toBe(status.DEADLINE_EXCEEDED);
    await vi.waitFor(() => expect(patient.replicas[0]?.cancelled).toBe(1));
  });

  test("over the size or number in flight that the route allows is refused", async () => {
    const { gateway } = await served(["echo"], { bodySizeBytes: 50n });
    expect(codeOf(await infer(gateway))).toEqual([status.RESOURCE_EXHAUSTED, "request/too_large"]);
    const busy = await served(["hang"], { inFlightPerReplica: 1 });
    const held = infer(busy.gateway, { deadlineMs: 1_000 });
    await vi.waitFor(() => expect(busy.replicas[0]?.seen).toHaveLength(1));
    expect(codeOf(await infer(busy.gateway))).toEqual([status.RESOURCE_EXHAUSTED, "gateway/too_busy"]);
    await held;
  });

  test("in flight at a stop is finished, and its target is released only then", async () => {
    const { gateway, scheduler, replicas } = await served(["hang"], { timeoutMs: 600n });
    const hanging = infer(gateway);
    await vi.waitFor(() => expect(replicas[0]?.seen).toHaveLength(1));
    scheduler.set(route([]));
    await vi.waitFor(() => expect(scheduler.applied.at(-1)?.version).toBe(scheduler.version));
    expect(scheduler.released).toEqual([]);
    expect(codeOf(await hanging)).toEqual([status.DEADLINE_EXCEEDED, "gateway/timeout"]);
    await vi.waitFor(() => expect(scheduler.released).toEqual(["uid-1/v1@platform/onnx/0"]));
    await gateway.stop();
  });

  test("for the server's health needs neither deployment nor credential", async () => {
    const { gateway } = await served(["echo"]);
    const client = new Client(`127.0.0.1:${gateway.gateway.grpcAddress().port}`, credentials.createInsecure());
    bench.defer(() => client.close());
    const method = methodDefinition(GRPCInferenceService.method.serverLive);
    const live = await new Promise((resolve) =>
      client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        create(ServerLiveRequestSchema),
        (error, response) => resolve(error ?? response?.live),
      ),
    );
    expect(live).toBe(true);
  });
});
