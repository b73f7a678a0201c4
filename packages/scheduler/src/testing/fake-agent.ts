import { create } from "@bufbuild/protobuf";
import { Client, type ClientDuplexStream, credentials } from "@grpc/grpc-js";
import type { ReplicaKey } from "@slipway/fleet";
import { assignmentEntry, internalMetadata, LevelSetReplica, methodDefinition, modelKeyText } from "@slipway/rpc";
import {
  type AgentCommand,
  AgentControl,
  type AgentMessage,
  AgentMessageSchema,
  type AssignedModel,
  type Assignment,
  ModelState,
} from "@slipway/rpc/control/agent";

export type FakeAgentOptions = {
  /** host:port of every scheduler. */
  addresses: readonly string[];
  secret: string;
  replica: ReplicaKey;
  memoryBytes: number;
  capabilities?: readonly string[];
  /** What becomes of a load; everything answers unless this says otherwise. */
  outcome?: (model: AssignedModel) => "ready" | "corrupt" | "never";
};

const SIGNATURE = JSON.stringify({
  inputs: [{ name: "X", datatype: "FP32", shape: [-1, 4] }],
  outputs: [{ name: "label", datatype: "INT64", shape: [-1] }],
});

/** How long a scheduler may take to say whether it leads. */
const WELCOME_WITHIN_MS = 1_000;
/** A leader that is frozen keeps its connection; only its silence tells. */
const CHANNEL = {
  "grpc.max_receive_message_length": -1,
  "grpc.keepalive_time_ms": 1_000,
  "grpc.keepalive_timeout_ms": 1_000,
  "grpc.keepalive_permit_without_calls": 1,
};

/**
 * Passes for an agent on the real stream: keeps the highest epoch, obeys the leader, and reports each assigned model as
 * loaded at once. Has no model server; its addresses answer nothing.
 */
export class FakeAgent {
  readonly #options: FakeAgentOptions;
  readonly #set: LevelSetReplica<AssignedModel>;
  readonly #instanceId = crypto.randomUUID();
  #client: Client | null = null;
  #stream: ClientDuplexStream<AgentMessage, AgentCommand> | null = null;
  #isStopped = false;
  #next = 0;
  #retry: NodeJS.Timeout | null = null;
  #isReady = true;
  /** Every key that was ever assigned or removed, in order: `+uid/version`, `-uid/version`. */
  readonly log: string[] = [];
  epoch = 0n;
  staleRefused = 0;

  constructor(options: FakeAgentOptions) {
    this.#options = options;
    this.#set = new LevelSetReplica();
  }

  /** Keys of what is held now. */
  get held(): string[] {
    return [...this.#set.entries.keys()];
  }

  get isConnected(): boolean {
    return this.#stream !== null;
  }

  start(): this {
    this.#connect(this.#options.addresses[this.#next++ % this.#options.addresses.length] ?? "");
    return this;
  }

  /** Ends as a killed process would: without a word. */
  stop(): void {
    this.#isStopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#stream?.cancel();
    this.#client?.close();
  }

  /** Its model server died, or came back. */
  setModelServer(ready: boolean): void {
    this.#isReady = ready;
    this.#report({ full: false, models: ready ? [...this.#set.entries.values()].map(({ value }) => value) : [] });
  }

  #connect(address: string): void {
    if (this.#isStopped) return;
    const client = new Client(address, credentials.createInsecure(), CHANNEL);
    const { path, requestSerialize, responseDeserialize } = methodDefinition(AgentControl.method.connect);
    const stream = client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      internalMetadata(this.#options.secret),
    );
    this.#client = client;
    let leader = "";
    let isOver = false;
    const silence = setTimeout(() => stream.cancel(), WELCOME_WITHIN_MS);
    const over = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(silence);
      if (this.#stream === stream) this.#stream = null;
      client.close();
      if (this.#isStopped) return;
      const { addresses } = this.#options;
      const next = leader === "" ? (addresses[this.#next++ % addresses.length] ?? "") : leader;
      this.#retry = setTimeout(() => this.#connect(next), leader === "" ? 100 : 1);
    };
    stream.on("data", ({ command }: AgentCommand) => {
      switch (command.case) {
        case "welcome":
          clearTimeout(silence);
          this.#onWelcome(stream, command.value.epoch);
          return;
        case "notLeader":
          leader = command.value.leaderAddress === address ? "" : command.value.leaderAddress;
          return;
        case "assignment":
          this.#onAssignment(stream, command.value);
          return;
        case undefined:
          return;
        default:
          command satisfies never;
      }
    });
    stream.on("end", over);
    stream.on("close", over);
    stream.on("error", over);
    const { replica, memoryBytes, capabilities = ["onnx"] } = this.#options;
    const value = {
      replica,
      instanceId: this.#instanceId,
      highestEpoch: this.#set.epoch,
      capabilities: [...capabilities],
      memoryBytes: BigInt(memoryBytes),
    };
    stream.write(create(AgentMessageSchema, { message: { case: "hello", value } }));
  }

  #onWelcome(stream: ClientDuplexStream<AgentMessage, AgentCommand>, epoch: bigint): void {
    if (!this.#set.observeEpoch(epoch)) {
      this.staleRefused += 1;
      stream.end();
      return;
    }
    this.epoch = epoch;
    this.#set.reset();
    this.#stream = stream;
    this.#report({ full: true, models: [...this.#set.entries.values()].map(({ value }) => value) });
  }

  #onAssignment(stream: ClientDuplexStream<AgentMessage, AgentCommand>, { set, upsert, remove }: Assignment): void {
    if (set === undefined || stream !== this.#stream) return;
    const before = new Set(this.#set.entries.keys());
    const received = this.#set.receive(set, { upsert: upsert.map(assignmentEntry), remove: remove.map(modelKeyText) });
    if (received.kind === "stale_epoch") {
      this.staleRefused += 1;
      stream.end();
    } else if (received.kind === "mismatch") {
      stream.write(create(AgentMessageSchema, { message: { case: "mismatch", value: { version: set.version } } }));
    } else if (received.kind === "complete") {
      const fresh = [...received.changed].flatMap((key) => received.entries.get(key)?.value ?? []);
      const gone = [...before].filter((key) => !received.entries.has(key));
      for (const model of fresh) if (!before.has(modelKeyText(model.key))) this.log.push(`+${modelKeyText(model.key)}`);
      for (const key of gone) this.log.push(`-${key}`);
      this.#report({ full: false, models: fresh, removed: gone });
    }
  }

  #report(of: { full: boolean; models: readonly AssignedModel[]; removed?: readonly string[] }): void {
    const { replica, outcome = () => "ready" } = this.#options;
    const models = of.models.flatMap((model) => {
      const result = this.#isReady ? outcome(model) : "never";
      if (result === "never")
        return [{ ...(model.key === undefined ? {} : { key: model.key }), state: ModelState.LOADING }];
      const isReady = result === "ready";
      return [
        {
          ...(model.key === undefined ? {} : { key: model.key }),
          state: isReady ? ModelState.READY : ModelState.FAILED,
          errorCode: isReady ? "" : "model/corrupt",
          errorDataJson: isReady ? "" : JSON.stringify({ detail: "not an ONNX model" }),
          sha256: isReady ? "ab".repeat(32) : "",
          signatureJson: isReady ? SIGNATURE : "",
        },
      ];
    });
    const removed = (of.removed ?? []).map((key) => {
      const [modelUid = "", version = ""] = key.split("/");
      return { modelUid, version };
    });
    const modelServer = {
      ready: this.#isReady,
      reason: this.#isReady ? "" : "it is being started",
      httpAddress: `127.0.0.1:${20_000 + replica.replica}`,
      grpcAddress: `127.0.0.1:${30_000 + replica.replica}`,
    };
    const value = { full: of.full, models, removed, modelServer, assignmentVersion: this.#set.version };
    this.#stream?.write(create(AgentMessageSchema, { message: { case: "report", value } }));
  }
}
