import { create, toBinary } from "@bufbuild/protobuf";
import { type handleUnaryCall, Server, ServerCredentials, type ServerDuplexStream, status } from "@grpc/grpc-js";
import { isInternalCall, LevelSetSource, serviceDefinition } from "@slipway/rpc";
import { NotLeaderSchema, SetVersionSchema, WelcomeSchema } from "@slipway/rpc/control/common";
import { type RecordAnswer, RecordAnswerSchema, type RecordBatch, Recorder } from "@slipway/rpc/control/recorder";
import {
  type Route,
  type RouterCommand,
  RouterCommandSchema,
  RouterControl,
  type RouterMessage,
  RouteSchema,
  RouteTableSchema,
} from "@slipway/rpc/control/router";
import { targetId } from "../routes/target-ledger.ts";

type Stream = ServerDuplexStream<RouterMessage, RouterCommand>;

export type FakeSchedulerOptions = { secret: string; epoch?: bigint; leads?: boolean; port?: number };

/** A scheduler as far as a router sees one: the real stream over the real protocol, with a table that a test sets. */
export class FakeScheduler {
  readonly #source = new LevelSetSource<Route>();
  readonly #server = new Server();
  readonly #streams = new Map<Stream, bigint>();
  readonly #options: Required<FakeSchedulerOptions>;
  #port = 0;
  /** Set to hold tables back after the Welcome. */
  isSilent = false;
  readonly hellos: { routerId: string; highestEpoch: bigint }[] = [];
  readonly applied: { epoch: bigint; version: bigint }[] = [];
  readonly released: string[] = [];
  mismatches = 0;
  /** Batches that were stored, as a recorder would: in their order, each once. */
  readonly batches: RecordBatch[] = [];
  /** How often a batch was given, also one that was not stored. */
  deliveries = 0;
  /** Set to answer batches with this status; `lost` = stored, but the answer never comes. */
  recorderFails: status | "lost" | null = null;

  constructor(options: FakeSchedulerOptions) {
    this.#options = { epoch: 1n, leads: true, port: 0, ...options };
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get streams(): number {
    return this.#streams.size;
  }

  async start(): Promise<this> {
    this.#server.addService(serviceDefinition(RouterControl), { connect: (stream: Stream) => this.#accept(stream) });
    const record: handleUnaryCall<RecordBatch, RecordAnswer> = (call, answer) => this.#record(call.request, answer);
    this.#server.addService(serviceDefinition(Recorder), { record });
    this.#port = await new Promise<number>((resolve, reject) => {
      const address = `127.0.0.1:${this.#options.port}`;
      this.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    return this;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  /** Ends all streams, as a restart of the network would. */
  hangUp(): void {
    for (const stream of this.#streams.keys()) stream.emit("error", { code: status.UNAVAILABLE, details: "gone" });
    this.#streams.clear();
  }

  set(...routes: Route[]): void {
    this.#source.update(
      routes.map((value) => ({ key: value.key, value, bytes: toBinary(RouteSchema, value) })),
      [],
    );
    this.#push();
  }

  remove(key: string): void {
    this.#source.update([], [key]);
    this.#push();
  }

  get version(): bigint {
    return this.#source.version;
  }

  /** Sends a message as it is, whatever the table says. */
  sendRaw(command: RouterCommand["command"]): void {
    for (const stream of this.#streams.keys()) stream.write(create(RouterCommandSchema, { command }));
  }

  #record(batch: RecordBatch, answer: Parameters<handleUnaryCall<RecordBatch, RecordAnswer>>[1]): void {
    this.deliveries += 1;
    if (typeof this.recorderFails === "number") {
      answer({ code: this.recorderFails, details: "not now" });
      return;
    }
    const wasKnown = this.batches.some(
      ({ routerId, sequence }) => routerId === batch.routerId && sequence >= batch.sequence,
    );
    if (!wasKnown) this.batches.push(batch);
    if (this.recorderFails === "lost") answer({ code: status.UNAVAILABLE, details: "the answer was lost" });
    else answer(null, create(RecordAnswerSchema, { wasKnown }));
  }

  #accept(stream: Stream): void {
    if (!isInternalCall(stream.metadata, this.#options.secret)) {
      stream.emit("error", { code: status.UNAUTHENTICATED, details: "who are you" });
      return;
    }
    stream.on("error", () => this.#streams.delete(stream));
    stream.on("close", () => this.#streams.delete(stream));
    stream.on("cancelled", () => this.#streams.delete(stream));
    stream.on("end", () => this.#streams.delete(stream));
    stream.on("data", ({ message }: RouterMessage) => this.#receive(stream, message));
  }

  #receive(stream: Stream, message: RouterMessage["message"]): void {
    switch (message.case) {
      case "hello":
        this.hellos.push({ routerId: message.value.routerId, highestEpoch: message.value.highestEpoch });
        this.#welcome(stream);
        return;
      case "applied":
        this.applied.push({ epoch: message.value.epoch, version: message.value.version });
        return;
      case "released":
        this.released.push(...message.value.targets.map(targetId));
        return;
      case "mismatch":
        this.mismatches += 1;
        this.#streams.set(stream, 0n);
        this.#push();
        return;
      case undefined:
        return;
      default:
        message satisfies never;
    }
  }

  #welcome(stream: Stream): void {
    const { epoch, leads } = this.#options;
    const write = (command: RouterCommand["command"]) => stream.write(create(RouterCommandSchema, { command }));
    if (!leads) {
      write({ case: "notLeader", value: create(NotLeaderSchema, { leaderAddress: "" }) });
      stream.end();
      return;
    }
    write({ case: "welcome", value: create(WelcomeSchema, { epoch, leaderId: "fake" }) });
    this.#streams.set(stream, 0n);
    this.#push();
  }

  #push(): void {
    if (this.isSilent) return;
    for (const [stream, base] of this.#streams) {
      for (const { header, upsert, remove } of this.#source.since(this.#options.epoch, base)) {
        const value = create(RouteTableSchema, {
          set: create(SetVersionSchema, header),
          upsert: upsert.map((entry) => entry.value),
          remove,
        });
        stream.write(create(RouterCommandSchema, { command: { case: "table", value } }));
      }
      this.#streams.set(stream, this.#source.version);
    }
  }
}
