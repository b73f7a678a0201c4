import { create } from "@bufbuild/protobuf";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { type ExplainView, SlipwayError } from "@slipway/contracts";
import { isInternalCall, serviceDefinition, toServiceError } from "@slipway/rpc";
import {
  AwaitRoutedAnswerSchema,
  type AwaitRoutedRequest,
  ExplainAnswerSchema,
  LogsAnswerSchema,
  type LogsRequest,
  type ResourceKey,
  SchedulerQuery,
} from "@slipway/rpc/control/query";
import { expect, onTestFinished, test } from "vitest";
import { createSchedulerClient } from "./scheduler-client.ts";

const REF = { group: "default", kind: "Deployment", name: "iris" } as const;
const VIEW: ExplainView = { ref: REF, summary: "On onnx.", neededBytes: 1, wanted: 1, placed: 1, servers: [] };
const NO_MATCH = { is: "match", match: { count: 0, position: null, line: null } };
const SECRET = "internal";
const never = new AbortController().signal;

type Behaviour = {
  leads: boolean;
  routed?: (place: { xid: bigint; seq: bigint }) => Promise<void>;
  refuses?: SlipwayError;
};

/** A scheduler that leads or stands by, as its answers show; what it was asked is kept. */
async function scheduler(behaviour: Behaviour): Promise<{ address: string; asked: string[]; stop(): void }> {
  const asked: string[] = [];
  const refusal = () => toServiceError(new SlipwayError("scheduler/not_leader", { leader: "elsewhere" }), "req_test");
  const server = new Server();
  server.addService(serviceDefinition(SchedulerQuery), {
    explain(call: ServerUnaryCall<ResourceKey, unknown>, reply: sendUnaryData<unknown>) {
      asked.push(`explain ${call.request.name} ${isInternalCall(call.metadata, SECRET)}`);
      if (!behaviour.leads) return reply(refusal());
      if (call.request.name === "gone") {
        return reply(toServiceError(new SlipwayError("resource/not_found", { kind: "Deployment", name: "gone" }), ""));
      }
      reply(null, create(ExplainAnswerSchema, { viewJson: JSON.stringify(VIEW) }));
    },
    awaitRouted(call: ServerUnaryCall<AwaitRoutedRequest, unknown>, reply: sendUnaryData<unknown>) {
      if (!behaviour.leads) return reply(refusal());
      const routed = behaviour.routed?.(call.request) ?? Promise.resolve();
      routed.then(() => reply(null, create(AwaitRoutedAnswerSchema, { routers: 1 })));
    },
    readLogs(call: ServerUnaryCall<LogsRequest, unknown>, reply: sendUnaryData<unknown>) {
      if (!behaviour.leads) return reply(refusal());
      asked.push(call.request.queryJson);
      if (behaviour.refuses !== undefined) return reply(toServiceError(behaviour.refuses, ""));
      reply(null, create(LogsAnswerSchema, { answerJson: JSON.stringify(NO_MATCH) }));
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  onTestFinished(() => server.forceShutdown());
  return { address: `127.0.0.1:${port}`, asked, stop: () => server.forceShutdown() };
}

function clientOf(...schedulers: { address: string }[]) {
  const client = createSchedulerClient(
    schedulers.map(({ address }) => address),
    SECRET,
  );
  onTestFinished(() => client.close());
  return client;
}

test("a question goes past a standby to the leader, and the next one straight to it", async () => {
  const [standby, leader] = [await scheduler({ leads: false }), await scheduler({ leads: true })];
  const client = clientOf(standby, leader);
  expect(await client.explain(REF, never)).toEqual(VIEW);
  expect(await client.explain(REF, never)).toEqual(VIEW);
  expect(standby.asked).toHaveLength(1);
  expect(leader.asked).toEqual(["explain iris true", "explain iris true"]);
});

test("when the leader is gone the next leader is found; when nobody leads that is what the error says", async () => {
  const first = await scheduler({ leads: true });
  const behaviour = { leads: false };
  const second = await scheduler(behaviour);
  const client = clientOf(first, second);
  await client.explain(REF, never);
  first.stop();
  await expect(client.explain(REF, never)).rejects.toMatchObject({ code: "scheduler/no_leader" });
  behaviour.leads = true;
  expect(await client.explain(REF, never)).toEqual(VIEW);
});

test("an answer that is an error of the table stays one", async () => {
  const client = clientOf(await scheduler({ leads: true }));
  await expect(client.explain({ ...REF, name: "gone" }, never)).rejects.toMatchObject({ code: "resource/not_found" });
});

test("waiting for the routers names the place of the change, and ends when the caller gives up", async () => {
  const places: unknown[] = [];
  const leader = await scheduler({
    leads: true,
    routed: async ({ xid, seq }) => {
      places.push([xid, seq]);
      if (seq === 9n) await new Promise(() => undefined);
    },
  });
  const client = clientOf(leader);
  await client.awaitRouted({ xid: "18446744073709551615", seq: "7" }, never);
  expect(places).toEqual([[18446744073709551615n, 7n]]);
  const giveUp = new AbortController();
  const waiting = client.awaitRouted({ xid: "1", seq: "9" }, giveUp.signal);
  giveUp.abort();
  await expect(waiting).rejects.toThrow();
});

test("a question about logs goes to the leader; what is wrong with it comes back as what it is", async () => {
  const search = { text: "x", isPattern: true, isCaseSensitive: false };
  const query = { want: "match", filter: {}, search, from: null, direction: "older" } as const;
  const [standby, leader] = [await scheduler({ leads: false }), await scheduler({ leads: true })];
  expect(await clientOf(standby, leader).readLogs(REF, query, never)).toEqual(NO_MATCH);
  expect(leader.asked).toEqual([JSON.stringify(query)]);
  const invalid = new SlipwayError("request/invalid", { problem: "The pattern cannot be read." });
  const slow = new SlipwayError("logs/search_too_slow", { limitMs: 2_000 });
  for (const refuses of [invalid, slow]) {
    const refusing = clientOf(await scheduler({ leads: true, refuses }));
    const { code, message } = refuses;
    await expect(refusing.readLogs(REF, query, never)).rejects.toMatchObject({ code, message });
  }
});
