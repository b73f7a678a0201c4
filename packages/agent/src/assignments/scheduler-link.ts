import { create } from "@bufbuild/protobuf";
import { Client, type ClientDuplexStream, credentials } from "@grpc/grpc-js";
import { internalMetadata, methodDefinition } from "@slipway/rpc";
import {
  type AgentCommand,
  AgentControl,
  type AgentHello,
  type AgentMessage,
  AgentMessageSchema,
  type Assignment,
} from "@slipway/rpc/control/agent";
import { type BackoffPolicy, backoffDelay, type Clock, type Logger } from "@slipway/service-kit";

/** How long a scheduler may take to say whether it leads. */
const WELCOME_WITHIN_MS = 3_000;
const BACKOFF: BackoffPolicy = { initialMs: 100, maxMs: 2_000, jitter: 0.5 };
const CHANNEL_OPTIONS = {
  // A leader that is frozen keeps its connection; only its silence tells.
  "grpc.keepalive_time_ms": 2_000,
  "grpc.keepalive_timeout_ms": 1_500,
  "grpc.keepalive_permit_without_calls": 1,
  // The link has its own backoff; the channel's would add to it.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  "grpc.enable_retries": 0,
};

/** Sends on the stream of the connected leader. */
export type Send = (message: AgentMessage["message"]) => void;

export type SchedulerLinkOptions = {
  /** host:port of every scheduler. */
  addresses: readonly string[];
  secret: string;
  hello: () => AgentHello;
  /** A leader answered; false = its epoch is over, and it must not be obeyed. */
  onWelcome: (epoch: bigint, send: Send) => boolean;
  /** False = it comes from an epoch that is over; the stream ends. */
  onAssignment: (assignment: Assignment, send: Send) => boolean;
  onLost: () => void;
  clock: Clock;
  random: () => number;
  logger: Logger;
};

/** How a stream ended. */
type Ended = { kind: "not_leader"; leader: string } | { kind: "lost"; wasWelcome: boolean };

/** Keeps one stream to the leading scheduler: asks each scheduler who leads, and begins again when the stream ends. */
export class SchedulerLink {
  readonly #options: SchedulerLinkOptions;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: SchedulerLinkOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the agent stops"));
    await this.#loop;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { addresses, clock, random } = this.#options;
    let next = 0;
    let attempt = 0;
    let hint: string | null = null;
    while (!signal.aborted) {
      const address: string = hint ?? addresses[next % addresses.length] ?? "";
      const wasHint = hint !== null;
      if (!wasHint) next += 1;
      hint = null;
      const ended = await this.#connect(address, signal);
      if (ended.kind === "lost" && ended.wasWelcome) attempt = 0;
      // A hint is followed at once, but one hint after another is two schedulers that point at each other.
      if (ended.kind === "not_leader" && ended.leader !== "" && !wasHint) hint = ended.leader;
      else await clock.sleep(backoffDelay(BACKOFF, attempt++, random), signal).catch(() => undefined);
    }
  }

  /** One stream from its first message to its end. */
  #connect(address: string, signal: AbortSignal): Promise<Ended> {
    const { clock, secret, logger } = this.#options;
    const client = new Client(address, credentials.createInsecure(), CHANNEL_OPTIONS);
    const method = methodDefinition(AgentControl.method.connect);
    const stream = client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      internalMetadata(secret),
    );
    return new Promise((resolve) => {
      const session = new Session(stream, this.#options);
      const cancelDeadline = clock.after(WELCOME_WITHIN_MS, () => session.wasWelcome || stream.cancel());
      const onAbort = () => stream.cancel();
      signal.addEventListener("abort", onAbort, { once: true });
      const finish = (reason: string) => {
        if (!session.end()) return;
        cancelDeadline();
        signal.removeEventListener("abort", onAbort);
        client.close();
        if (session.wasWelcome && !signal.aborted) logger.warn({ address, reason }, "lost the scheduler");
        resolve(session.ended());
      };
      stream.on("data", (command: AgentCommand) => session.receive(command, address));
      stream.on("error", (error: Error) => finish(error.message));
      stream.on("end", () => finish("it ended the stream"));
      session.send({ case: "hello", value: this.#options.hello() });
      if (signal.aborted) stream.cancel();
    });
  }
}

/** The messages of one stream. */
class Session {
  readonly #stream: ClientDuplexStream<AgentMessage, AgentCommand>;
  readonly #options: SchedulerLinkOptions;
  #isOpen = true;
  #leaderHint: string | null = null;
  wasWelcome = false;

  constructor(stream: ClientDuplexStream<AgentMessage, AgentCommand>, options: SchedulerLinkOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  readonly send: Send = (message) => {
    if (this.#isOpen) this.#stream.write(create(AgentMessageSchema, { message }));
  };

  receive({ command }: AgentCommand, address: string): void {
    if (!this.#isOpen) return;
    switch (command.case) {
      case "welcome":
        this.wasWelcome = this.#options.onWelcome(command.value.epoch, this.send);
        if (!this.wasWelcome) this.#stream.cancel();
        else this.#options.logger.info({ address, epoch: command.value.epoch.toString() }, "connected to the leader");
        return;
      case "notLeader":
        this.#leaderHint = command.value.leaderAddress;
        this.#stream.cancel();
        return;
      case "assignment":
        // Nothing is obeyed before the leader has said which epoch it is of.
        if (this.wasWelcome && !this.#options.onAssignment(command.value, this.send)) this.#stream.cancel();
        return;
      case undefined:
        return;
      default:
        command satisfies never;
    }
  }

  /** Whether this was the first end of the stream. */
  end(): boolean {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    if (this.wasWelcome) this.#options.onLost();
    return true;
  }

  ended(): Ended {
    if (this.#leaderHint !== null) return { kind: "not_leader", leader: this.#leaderHint };
    return { kind: "lost", wasWelcome: this.wasWelcome };
  }
}
