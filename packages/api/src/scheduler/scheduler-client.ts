import { create } from "@bufbuild/protobuf";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import {
  type ExplainView,
  explainView,
  LOG_SEARCH_MS,
  type LogAnswer,
  logAnswer,
  type ResourceRef,
  SlipwayError,
} from "@slipway/contracts";
import type { SchedulerPort } from "@slipway/domain";
import { codeOfServiceError, internalMetadata, methodDefinition } from "@slipway/rpc";
import {
  AwaitRoutedRequestSchema,
  LogsRequestSchema,
  ResourceKeySchema,
  SchedulerQuery,
} from "@slipway/rpc/control/query";

const EXPLAIN = methodDefinition(SchedulerQuery.method.explain);
const AWAIT_ROUTED = methodDefinition(SchedulerQuery.method.awaitRouted);
const READ_LOGS = methodDefinition(SchedulerQuery.method.readLogs);

/** How long a question to the leader may take. */
const DEADLINE_MS = 5_000;
/** Logs that nobody has read since the leader began are indexed first. */
const LOGS_DEADLINE_MS = 20_000;

/** A scheduler that comes back is found within a second, and one that froze is noticed. */
const CHANNEL = {
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  // A page of log lines as JSON, of which every character may be escaped.
  "grpc.max_receive_message_length": 24 * 1024 * 1024,
};

export type SchedulerClient = SchedulerPort & { close(): void };

/**
 * Asks whichever scheduler leads: tries the one that answered last first, then the others; a standby's refusal and a
 * scheduler that is gone both lead to the next. None of them leads: scheduler/no_leader.
 */
export function createSchedulerClient(addresses: readonly string[], secret: string): SchedulerClient {
  const clients = addresses.map((address) => new Client(address, credentials.createInsecure(), CHANNEL));
  const metadata = internalMetadata(secret);
  let preferred = 0;

  async function ask<T>(call: (client: Client) => Promise<T>): Promise<T> {
    for (let offset = 0; offset < clients.length; offset += 1) {
      const index = (preferred + offset) % clients.length;
      const client = clients[index];
      if (client === undefined) break;
      try {
        const answer = await call(client);
        preferred = index;
        return answer;
      } catch (error) {
        if (!isElsewhere(error)) throw error;
      }
    }
    throw new SlipwayError("scheduler/no_leader", {});
  }

  const options = () => ({ deadline: new Date(Date.now() + DEADLINE_MS) });
  return {
    explain: (ref) =>
      ask(
        (client) =>
          new Promise<ExplainView>((resolve, reject) => {
            const message = create(ResourceKeySchema, ref);
            client.makeUnaryRequest(
              EXPLAIN.path,
              EXPLAIN.requestSerialize,
              EXPLAIN.responseDeserialize,
              message,
              metadata,
              options(),
              (error, answer) => {
                if (error !== null || answer === undefined) reject(toSlipwayError(error, ref));
                else resolve(explainView.parse(JSON.parse(answer.viewJson)));
              },
            );
          }),
      ),
    awaitRouted: (place, signal) =>
      ask(
        (client) =>
          new Promise<void>((resolve, reject) => {
            const message = create(AwaitRoutedRequestSchema, { xid: BigInt(place.xid), seq: BigInt(place.seq) });
            const call = client.makeUnaryRequest(
              AWAIT_ROUTED.path,
              AWAIT_ROUTED.requestSerialize,
              AWAIT_ROUTED.responseDeserialize,
              message,
              metadata,
              options(),
              (error) => (error === null ? resolve() : reject(toSlipwayError(error, null))),
            );
            signal?.addEventListener("abort", () => call.cancel(), { once: true });
          }),
      ),
    readLogs: (ref, query, signal) =>
      ask(
        (client) =>
          new Promise<LogAnswer>((resolve, reject) => {
            const message = create(LogsRequestSchema, { resource: ref, queryJson: JSON.stringify(query) });
            const call = client.makeUnaryRequest(
              READ_LOGS.path,
              READ_LOGS.requestSerialize,
              READ_LOGS.responseDeserialize,
              message,
              metadata,
              { deadline: new Date(Date.now() + LOGS_DEADLINE_MS) },
              (error, answer) => {
                if (error !== null || answer === undefined) reject(toSlipwayError(error, ref));
                else resolve(logAnswer.parse(JSON.parse(answer.answerJson)));
              },
            );
            signal.addEventListener("abort", () => call.cancel(), { once: true });
          }),
      ),
    close() {
      for (const client of clients) client.close();
    },
  };
}

/** Whether another scheduler may know better: this one stands by, or cannot be reached. */
function isElsewhere(error: unknown): boolean {
  if (error instanceof SlipwayError)
    return error.code === "scheduler/not_leader" || error.code === "scheduler/no_leader";
  return isServiceError(error) && error.code === status.UNAVAILABLE;
}

function toSlipwayError(error: unknown, ref: ResourceRef | null): unknown {
  if (!isServiceError(error)) return error;
  const code = codeOfServiceError(error);
  if (code === "resource/not_found" && ref !== null) {
    return new SlipwayError("resource/not_found", { kind: ref.kind, name: ref.name }, { cause: error });
  }
  if (code === "request/invalid") return new SlipwayError(code, { problem: error.details }, { cause: error });
  if (code === "logs/search_too_slow") return new SlipwayError(code, { limitMs: LOG_SEARCH_MS }, { cause: error });
  if (code === "scheduler/not_leader") return new SlipwayError(code, { leader: "another scheduler" }, { cause: error });
  if (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED) {
    return new SlipwayError("scheduler/no_leader", {}, { cause: error });
  }
  return error;
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "details" in error;
}
