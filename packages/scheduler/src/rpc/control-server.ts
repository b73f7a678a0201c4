import { create } from "@bufbuild/protobuf";
import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  status,
} from "@grpc/grpc-js";
import { fitQuestion, SlipwayError } from "@slipway/contracts";
import type { FleetDriver } from "@slipway/fleet";
import type { RecorderService } from "@slipway/recorder";
import { isInternalCall, serviceDefinition, toServiceError } from "@slipway/rpc";
import { type AgentCommand, AgentCommandSchema, AgentControl, type AgentMessage } from "@slipway/rpc/control/agent";
import {
  type AwaitRoutedAnswer,
  AwaitRoutedAnswerSchema,
  type AwaitRoutedRequest,
  type ExplainAnswer,
  ExplainAnswerSchema,
  type FitAnswer,
  FitAnswerSchema,
  type FitRequest,
  type LogsAnswer,
  LogsAnswerSchema,
  type LogsRequest,
  type ReplicasAnswer,
  ReplicasAnswerSchema,
  type ReplicasRequest,
  type ResourceKey,
  SchedulerQuery,
} from "@slipway/rpc/control/query";
import {
  type RouterCommand,
  RouterCommandSchema,
  RouterControl,
  type RouterMessage,
} from "@slipway/rpc/control/router";
import { type Logger, READY, type Service } from "@slipway/service-kit";
import type { Leadership } from "../leader/leadership.ts";
import { explainFit } from "../placement/explain.ts";
import { describeReplicas } from "./describe-replicas.ts";
import { explainResource } from "./explain-resource.ts";
import { readLogs } from "./read-logs.ts";

/** How long a stream may stay without its hello. */
const HELLO_WITHIN_MS = 5_000;

export type ControlServerConfig = { host: string; port: number; secret: string };
export type ControlServerDeps = {
  /** The present term when this scheduler leads; null when it does not. */
  leadership: () => Leadership | null;
  leaderAddress: () => string;
  driver: () => FleetDriver;
  /** Served whether or not this scheduler leads. */
  recorder: RecorderService;
  logger: Logger;
};

/** The control port: agents and routers connect here, and console and REST ask what only the leader knows. */
export class ControlServer implements Service {
  readonly name = "control";
  readonly #config: ControlServerConfig;
  readonly #deps: ControlServerDeps;
  readonly #server: Server;
  #port = 0;

  constructor(config: ControlServerConfig, deps: ControlServerDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#server = new Server({
      "grpc.max_receive_message_length": 16 * 1024 * 1024,
      // A peer that is frozen keeps its connection; only its silence tells.
      "grpc.keepalive_time_ms": 5_000,
      "grpc.keepalive_timeout_ms": 3_000,
    });
    const connectAgent: handleBidiStreamingCall<AgentMessage, AgentCommand> = (stream) => this.#onAgent(stream);
    const connectRouter: handleBidiStreamingCall<RouterMessage, RouterCommand> = (stream) => this.#onRouter(stream);
    const explain: handleUnaryCall<ResourceKey, ExplainAnswer> = (call, answer) =>
      this.#unary(call.metadata, answer, async (leadership) =>
        create(ExplainAnswerSchema, {
          viewJson: JSON.stringify(explainResource(leadership.planner.world, call.request, leadership.now())),
        }),
      );
    const fit: handleUnaryCall<FitRequest, FitAnswer> = (call, answer) =>
      this.#unary(call.metadata, answer, async (leadership) => {
        const question = fitQuestion.parse(JSON.parse(call.request.questionJson));
        const view = explainFit(leadership.planner.world, question, leadership.now());
        return create(FitAnswerSchema, { viewJson: JSON.stringify(view) });
      });
    const replicas: handleUnaryCall<ReplicasRequest, ReplicasAnswer> = (call, answer) =>
      this.#unary(call.metadata, answer, async (leadership) =>
        create(ReplicasAnswerSchema, {
          viewsJson: JSON.stringify(describeReplicas(leadership.planner.world, call.request)),
        }),
      );
    const awaitRouted: handleUnaryCall<AwaitRoutedRequest, AwaitRoutedAnswer> = (call, answer) =>
      this.#unary(call.metadata, answer, async (leadership) => {
        const cancelled = new AbortController();
        call.on("cancelled", () => cancelled.abort(new Error("the caller waits no more")));
        const { xid, seq } = call.request;
        await leadership.routed.wait({ xid: String(xid), seq: String(seq) }, cancelled.signal);
        return create(AwaitRoutedAnswerSchema, { routers: leadership.routers.connected });
      });
    const logs: handleUnaryCall<LogsRequest, LogsAnswer> = (call, answer) =>
      this.#unary(call.metadata, answer, async (leadership) => {
        const cancelled = new AbortController();
        call.on("cancelled", () => cancelled.abort(new Error("the caller waits no more")));
        const found = await readLogs(leadership, this.#deps.driver(), call.request, cancelled.signal);
        return create(LogsAnswerSchema, { answerJson: JSON.stringify(found) });
      });
    this.#server.addService(serviceDefinition(AgentControl), { connect: connectAgent });
    this.#server.addService(serviceDefinition(RouterControl), { connect: connectRouter });
    this.#server.addService(serviceDefinition(SchedulerQuery), { explain, fit, replicas, awaitRouted, readLogs: logs });
    this.#server.addService(deps.recorder.definition, deps.recorder.implementation);
  }

  /** host:port, once it listens. */
  get address(): string {
    return `${this.#config.host}:${this.#port}`;
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { host, port } = this.#config;
      this.#server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
        if (error !== null) return reject(error);
        this.#port = bound;
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    this.#server.forceShutdown();
  }

  ready() {
    return READY;
  }

  #onAgent(stream: ServerDuplexStream<AgentMessage, AgentCommand>): void {
    if (!this.#admit(stream)) return;
    onFirst(stream, ({ message }) => {
      const leadership = this.#leading();
      if (leadership === null) {
        const value = { leaderAddress: this.#deps.leaderAddress() };
        stream.write(create(AgentCommandSchema, { command: { case: "notLeader", value } }));
        stream.end();
      } else if (message.case === "hello") leadership.agents.accept(stream, message.value);
      else stream.end();
    });
  }

  #onRouter(stream: ServerDuplexStream<RouterMessage, RouterCommand>): void {
    if (!this.#admit(stream)) return;
    onFirst(stream, ({ message }) => {
      const leadership = this.#leading();
      if (leadership === null) {
        const value = { leaderAddress: this.#deps.leaderAddress() };
        stream.write(create(RouterCommandSchema, { command: { case: "notLeader", value } }));
        stream.end();
      } else if (message.case === "hello") leadership.routers.accept(stream, message.value);
      else stream.end();
    });
  }

  #unary<Answer>(
    metadata: Metadata,
    answer: (error: ReturnType<typeof toServiceError> | null, value?: Answer) => void,
    work: (leadership: Leadership) => Promise<Answer>,
  ): void {
    const run = async () => {
      if (!isInternalCall(metadata, this.#config.secret)) throw new SlipwayError("auth/unknown", {});
      const leadership = this.#leading();
      if (leadership === null) throw this.#notLeader();
      return work(leadership);
    };
    run().then(
      (value) => answer(null, value),
      (error: unknown) => {
        if (!(error instanceof SlipwayError)) this.#deps.logger.warn({ err: error }, "a query failed");
        answer(toServiceError(error, ""));
      },
    );
  }

  #leading(): Leadership | null {
    const leadership = this.#deps.leadership();
    return leadership?.isReady === true ? leadership : null;
  }

  #notLeader(): SlipwayError {
    const leader = this.#deps.leaderAddress();
    const isOther = leader !== "" && leader !== this.address;
    return isOther ? new SlipwayError("scheduler/not_leader", { leader }) : new SlipwayError("scheduler/no_leader", {});
  }

  /** Only processes of the platform may talk here; and they must not wait with saying who they are. */
  #admit(stream: {
    metadata: Metadata;
    destroy(error?: Error): unknown;
    on(event: "error", listener: () => void): unknown;
  }) {
    stream.on("error", () => undefined);
    if (isInternalCall(stream.metadata, this.#config.secret)) return true;
    stream.destroy(Object.assign(new Error("the credential is not known"), { code: status.UNAUTHENTICATED }));
    return false;
  }
}

function onFirst<Message, Command>(
  stream: ServerDuplexStream<Message, Command>,
  listener: (message: Message) => void,
): void {
  const timer = setTimeout(() => stream.end(), HELLO_WITHIN_MS);
  stream.once("data", (message: Message) => {
    clearTimeout(timer);
    listener(message);
  });
  stream.once("end", () => {
    clearTimeout(timer);
    stream.end();
  });
  stream.once("close", () => clearTimeout(timer));
}
