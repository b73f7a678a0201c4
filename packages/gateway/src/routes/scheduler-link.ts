import { create } from "@bufbuild/protobuf";
import { Client, type ClientDuplexStream, credentials } from "@grpc/grpc-js";
import { internalMetadata, methodDefinition } from "@slipway/rpc";
import {
  type RouterCommand,
  RouterControl,
  type RouterMessage,
  RouterMessageSchema,
  type RouteTable,
} from "@slipway/rpc/control/router";
import { type BackoffPolicy, backoffDelay, type Clock, type Logger } from "@slipway/service-kit";

const RETRY: BackoffPolicy = { initialMs: 100, maxMs: 1_000, jitter: 0.5 };
/** A scheduler that says neither that it leads nor that it does not is asked again; a frozen one never answers. */
const FIRST_ANSWER_MS = 3_000;
const CHANNEL_OPTIONS = {
  "grpc.use_local_subchannel_pool": 1,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  "grpc.keepalive_time_ms": 5_000,
  "grpc.keepalive_timeout_ms": 5_000,
  // One message carries up to 500 routes with all their tokens.
  "grpc.max_receive_message_length": 64 * 1024 * 1024,
};

type Stream = ClientDuplexStream<RouterMessage, RouterCommand>;

export type LinkEvents = {
  hello(): RouterMessage;
  /** Whether the sender of a Welcome with this epoch is obeyed. */
  welcome(link: SchedulerLink, epoch: bigint, leaderId: string): boolean;
  table(link: SchedulerLink, table: RouteTable): void;
  ended(link: SchedulerLink): void;
};

/**
 * Stays connected to one scheduler: asks whether it leads, and when it does not, or is gone, asks again with backoff
 * and jitter. There is one for each scheduler at all times, so a new leader is found without the old one's help.
 */
export class SchedulerLink {
  readonly address: string;
  readonly #deps: { clock: Clock; logger: Logger; internalSecret: string; random: () => number };
  readonly #events: LinkEvents;
  readonly #stopping = new AbortController();
  #stream: Stream | null = null;
  #attempt = 0;

  constructor(
    address: string,
    events: LinkEvents,
    deps: { clock: Clock; logger: Logger; internalSecret: string; random: () => number },
  ) {
    this.address = address;
    this.#events = events;
    this.#deps = deps;
  }

  /** Goes on until `stop`. */
  async run(): Promise<void> {
    const { clock, logger, random } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const reason = await this.#connectOnce();
      this.#events.ended(this);
      if (signal.aborted) return;
      logger.debug({ scheduler: this.address, reason }, "no route table from this scheduler for now");
      await clock.sleep(backoffDelay(RETRY, this.#attempt, random), signal).catch(() => undefined);
      this.#attempt += 1;
    }
  }

  stop(): void {
    this.#stopping.abort(new Error("the gateway stops"));
    this.#stream?.cancel();
  }

  /** Ends the current stream; the link then dials again. */
  hangUp(): void {
    this.#stream?.cancel();
  }

  /** Nothing happens when the stream is gone: the next one begins with everything again. */
  send(message: RouterMessage["message"]): void {
    this.#stream?.write(create(RouterMessageSchema, { message }));
  }

  /** Resolves with the reason when the stream has ended; never rejects. */
  async #connectOnce(): Promise<string> {
    const client = new Client(this.address, credentials.createInsecure(), CHANNEL_OPTIONS);
    const method = methodDefinition(RouterControl.method.connect);
    const stream: Stream = client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      internalMetadata(this.#deps.internalSecret),
    );
    this.#stream = stream;
    const giveUp = this.#deps.clock.after(FIRST_ANSWER_MS, () => stream.cancel());
    const ended = new Promise<string>((resolve) => {
      stream.on("error", (error) => resolve(error.message));
      stream.on("end", () => resolve("the scheduler ended the stream"));
      stream.on("close", () => resolve("the stream was closed"));
    });
    stream.on("data", (command: RouterCommand) => {
      giveUp();
      this.#receive(command, stream);
    });
    stream.write(this.#events.hello());
    const reason = await ended;
    giveUp();
    this.#stream = null;
    stream.cancel();
    client.close();
    return reason;
  }

  #receive({ command }: RouterCommand, stream: Stream): void {
    if (stream !== this.#stream) return;
    switch (command.case) {
      case "welcome":
        if (this.#events.welcome(this, command.value.epoch, command.value.leaderId)) this.#attempt = 0;
        else stream.cancel();
        return;
      case "table":
        this.#events.table(this, command.value);
        return;
      case "notLeader":
      case undefined:
        stream.cancel();
        return;
      default:
        command satisfies never;
    }
  }
}
