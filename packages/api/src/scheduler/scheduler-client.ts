import { create } from "@bufbuild/protobuf";
import { Client, credentials, type MethodDefinition, type ServiceError, status } from "@grpc/grpc-js";
import {
  type ErrorCode,
  explainView,
  fitView,
  LOG_SEARCH_MS,
  LOG_SEARCHES_WAITING,
  logAnswer,
  type ResourceRef,
  SlipwayError,
  serverReplicasView,
} from "@slipway/contracts";
import type { SchedulerPort } from "@slipway/domain";
import { codeOfServiceError, internalMetadata, methodDefinition } from "@slipway/rpc";
import {
  AwaitRoutedRequestSchema,
  FitRequestSchema,
  LogsRequestSchema,
  ReplicasRequestSchema,
  ResourceKeySchema,
  SchedulerQuery,
} from "@slipway/rpc/control/query";

const EXPLAIN = methodDefinition(SchedulerQuery.method.explain);
const FIT = methodDefinition(SchedulerQuery.method.fit);
const REPLICAS = methodDefinition(SchedulerQuery.method.replicas);
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

type Question = {
  ref?: ResourceRef;
  signal: AbortSignal;
  deadlineMs?: number;
  /** What it is when no answer came in time. */
  tooLate?: () => SlipwayError;
};

const lateAnswer = () => new SlipwayError("scheduler/timeout", { limitMs: DEADLINE_MS });
const lateLogs = () => new SlipwayError("logs/timeout", { limitMs: LOGS_DEADLINE_MS });

export type SchedulerClient = SchedulerPort & { close(): void };

/**
 * Asks whichever scheduler leads: tries the one that answered last first, then the others; a standby's refusal and a
 * scheduler that is gone or does not answer all lead to the next. None of them leads: scheduler/no_leader, or
 * scheduler/timeout when one of them may lead but did not answer in time.
 */
export function createSchedulerClient(addresses: readonly string[], secret: string): SchedulerClient {
  const clients = addresses.map((address) => new Client(address, credentials.createInsecure(), CHANNEL));
  const metadata = internalMetadata(secret);
  let preferred = 0;

  async function ask<T>(call: (client: Client) => Promise<T>): Promise<T> {
    let late: SlipwayError | null = null;
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
        if (error instanceof SlipwayError && error.code === "scheduler/timeout") late = error;
      }
    }
    throw late ?? new SlipwayError("scheduler/no_leader", {});
  }

  /** Asks one question and reads its answer; the caller's signal cancels it. */
  function unary<Request, Answer, Result>(
    method: MethodDefinition<Request, Answer>,
    request: Request,
    { ref, signal, deadlineMs = DEADLINE_MS, tooLate = lateAnswer }: Question,
    read: (answer: Answer) => Result,
  ): Promise<Result> {
    const { path, requestSerialize, responseDeserialize } = method;
    return ask(async (client) => {
      const answer = await new Promise<Answer>((resolve, reject) => {
        const done = (error: ServiceError | null, value?: Answer) => {
          if (error !== null || value === undefined) reject(toSlipwayError(error, ref ?? null, tooLate));
          else resolve(value);
        };
        const call = client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          { deadline: new Date(Date.now() + deadlineMs) },
          done,
        );
        signal.addEventListener("abort", () => call.cancel(), { once: true });
      });
      return read(answer);
    });
  }

  return {
    explain: (ref, signal) =>
      unary(EXPLAIN, create(ResourceKeySchema, ref), { ref, signal }, ({ viewJson }) =>
        explainView.parse(JSON.parse(viewJson)),
      ),
    fit: (question, signal) =>
      unary(FIT, create(FitRequestSchema, { questionJson: JSON.stringify(question) }), { signal }, ({ viewJson }) =>
        fitView.parse(JSON.parse(viewJson)),
      ),
    replicas: ({ groups, server = "", modelsOf }, signal) =>
      unary(
        REPLICAS,
        create(ReplicasRequestSchema, { groups: [...groups], server, modelsOf }),
        { signal },
        ({ viewsJson }) => serverReplicasView.array().parse(JSON.parse(viewsJson)),
      ),
    awaitRouted: (place, signal) =>
      unary(
        AWAIT_ROUTED,
        create(AwaitRoutedRequestSchema, { xid: BigInt(place.xid), seq: BigInt(place.seq) }),
        { signal },
        () => undefined,
      ),
    readLogs: (ref, query, signal) =>
      // Whoever leads is busy reading, which is no reason to ask another scheduler.
      unary(
        READ_LOGS,
        create(LogsRequestSchema, { resource: ref, queryJson: JSON.stringify(query) }),
        { ref, signal, deadlineMs: LOGS_DEADLINE_MS, tooLate: lateLogs },
        ({ answerJson }) => logAnswer.parse(JSON.parse(answerJson)),
      ),
    close() {
      for (const client of clients) client.close();
    },
  };
}

const ELSEWHERE: readonly ErrorCode[] = ["scheduler/not_leader", "scheduler/no_leader", "scheduler/timeout"];

/** Whether another scheduler may know better: this one stands by, cannot be reached or does not answer. */
function isElsewhere(error: unknown): boolean {
  if (error instanceof SlipwayError) return ELSEWHERE.includes(error.code);
  return isServiceError(error) && error.code === status.UNAVAILABLE;
}

function toSlipwayError(error: unknown, ref: ResourceRef | null, tooLate: () => SlipwayError): unknown {
  if (!isServiceError(error)) return error;
  const code = codeOfServiceError(error);
  if (code === "resource/not_found" && ref !== null) {
    return new SlipwayError("resource/not_found", { kind: ref.kind, name: ref.name }, { cause: error });
  }
  if (code === "request/invalid") return new SlipwayError(code, { problem: error.details }, { cause: error });
  if (code === "logs/search_too_slow") return new SlipwayError(code, { limitMs: LOG_SEARCH_MS }, { cause: error });
  if (code === "scheduler/not_leader") return new SlipwayError(code, { leader: "another scheduler" }, { cause: error });
  if (code === "logs/too_many_searches")
    return new SlipwayError(code, { limit: LOG_SEARCHES_WAITING }, { cause: error });
  if (error.code === status.DEADLINE_EXCEEDED) return tooLate();
  if (error.code === status.UNAVAILABLE) {
    return new SlipwayError("scheduler/no_leader", {}, { cause: error });
  }
  return error;
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "details" in error;
}
