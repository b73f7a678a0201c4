import { create } from "@bufbuild/protobuf";
import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import { assignmentEntry, isInternalCall, LevelSetSource, modelKeyText, serviceDefinition } from "@slipway/rpc";
import {
  type AgentCommand,
  AgentCommandSchema,
  AgentControl,
  type AgentHello,
  type AgentMessage,
  type AgentReport,
  type AssignedModel,
  AssignedModelSchema,
  type ModelReport,
  type ModelServerReport,
  ModelState,
} from "@slipway/rpc/control/agent";

type Stream = ServerDuplexStream<AgentMessage, AgentCommand>;

/** A scheduler with a will of its own: speaks the real stream, assigns what a test says and keeps what agents report. */
export class FakeScheduler {
  readonly #server = new Server();
  readonly #source = new LevelSetSource<AssignedModel>();
  readonly #secret: string;
  #stream: Stream | null = null;
  #sentVersion = 0n;
  epoch = 1n;
  /** Set: it does not lead, and says so with this address (which may be empty). */
  leader: string | null = null;
  port = 0;
  readonly hellos: AgentHello[] = [];
  readonly reports: AgentReport[] = [];
  readonly models = new Map<string, ModelReport>();
  modelServer: ModelServerReport | null = null;

  constructor(secret: string) {
    this.#secret = secret;
    this.#server.addService(serviceDefinition(AgentControl), { connect: (stream: Stream) => this.#connect(stream) });
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  /** Ends the stream of the agent that is connected. */
  hangUp(): void {
    this.#stream?.end();
  }

  /** Assigns these model versions beside what is assigned. */
  assign(...models: AssignedModel[]): void {
    this.#source.update(models.map(assignmentEntry), []);
    this.#push();
  }

  unassign(...models: AssignedModel[]): void {
    this.#source.update(
      [],
      models.map((model) => modelKeyText(model.key)),
    );
    this.#push();
  }

  stateOf(model: AssignedModel): ModelState {
    return this.models.get(modelKeyText(model.key))?.state ?? ModelState.UNSPECIFIED;
  }

  reportOf(model: AssignedModel): ModelReport | undefined {
    return this.models.get(modelKeyText(model.key));
  }

  #connect(stream: Stream): void {
    if (!isInternalCall(stream.metadata, this.#secret)) return void stream.end();
    stream.on("error", () => undefined);
    stream.on("data", ({ message }: AgentMessage) => {
      if (message.case === "hello") this.#welcome(stream, message.value);
      else if (message.case === "report") this.#take(message.value);
      else if (message.case === "mismatch") this.#sendSince(0n);
    });
  }

  #welcome(stream: Stream, hello: AgentHello): void {
    this.hellos.push(hello);
    if (this.leader !== null) {
      stream.write(
        create(AgentCommandSchema, {
          command: {
            case: "notLeader",
            value: { $typeName: "slipway.control.v1.NotLeader", leaderAddress: this.leader },
          },
        }),
      );
      stream.end();
      return;
    }
    this.#stream = stream;
    // What an earlier stream said counts no more.
    this.modelServer = null;
    this.models.clear();
    this.#write({
      case: "welcome",
      value: { $typeName: "slipway.control.v1.Welcome", epoch: this.epoch, leaderId: "fake" },
    });
    this.#sendSince(0n);
  }

  #push(): void {
    if (this.#stream !== null) this.#sendSince(this.#sentVersion);
  }

  #sendSince(base: bigint): void {
    for (const { header, upsert, remove } of this.#source.since(this.epoch, base)) {
      this.#write({
        case: "assignment",
        value: {
          $typeName: "slipway.control.v1.Assignment",
          set: { $typeName: "slipway.control.v1.SetVersion", ...header },
          upsert: upsert.map(({ value }) => value),
          remove: remove.map((text) => {
            const [modelUid = "", version = ""] = text.split("/");
            return { $typeName: "slipway.control.v1.ModelKey", modelUid, version };
          }),
        },
      });
    }
    this.#sentVersion = this.#source.version;
  }

  #write(command: AgentCommand["command"]): void {
    this.#stream?.write(create(AgentCommandSchema, { command }));
  }

  #take(report: AgentReport): void {
    this.reports.push(report);
    if (report.full) this.models.clear();
    for (const key of report.removed) this.models.delete(modelKeyText(key));
    for (const model of report.models) this.models.set(modelKeyText(model.key), model);
    this.modelServer = report.modelServer ?? null;
  }
}

/** A model version to assign. */
export function assignedModel(
  modelUid: string,
  uri: string,
  overrides: { version?: string; sha256?: string; startTimeoutMs?: bigint; batching?: string } = {},
): AssignedModel {
  const { version = "v1", ...others } = overrides;
  return create(AssignedModelSchema, {
    key: { modelUid, version },
    displayName: `default/${modelUid}`,
    uri,
    format: "onnx",
    memoryBytes: 2n ** 27n,
    startTimeoutMs: 60_000n,
    ...others,
  });
}
