import { create } from "@bufbuild/protobuf";
import { Client, type ClientDuplexStream, credentials } from "@grpc/grpc-js";
import {
  internalMetadata,
  LevelSetReplica,
  methodDefinition,
  modelKeyText,
  replicaKeyText,
  routeEntry,
} from "@slipway/rpc";
import {
  type Route,
  type RouterCommand,
  RouterControl,
  type RouterMessage,
  RouterMessageSchema,
  type Target,
} from "@slipway/rpc/control/router";

export type FakeRouterOptions = { addresses: readonly string[]; secret: string };

const targetId = ({ model, replica }: Target) => `${modelKeyText(model)}@${replicaKeyText(replica)}`;

/** How long a scheduler may take to say whether it leads. */
const WELCOME_WITHIN_MS = 1_000;
/** A leader that is frozen keeps its connection; only its silence tells. */
const CHANNEL = {
  "grpc.max_receive_message_length": -1,
  "grpc.keepalive_time_ms": 1_000,
  "grpc.keepalive_timeout_ms": 1_000,
  "grpc.keepalive_permit_without_calls": 1,
};

/** Passes for a router on the real stream; releases what leaves the table when `holds` lets it. */
export class FakeRouter {
  readonly #options: FakeRouterOptions;
  readonly #set = new LevelSetReplica<Route>();
  readonly #routerId = crypto.randomUUID();
  readonly #targets = new Map<string, readonly Target[]>();
  readonly #waiting = new Map<string, Target>();
  #stream: ClientDuplexStream<RouterMessage, RouterCommand> | null = null;
  #client: Client | null = null;
  #sign: NodeJS.Timeout | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isStopped = false;
  #next = 0;
  /** True = requests are in flight on everything, so nothing is released. */
  #holds = false;
  /** Called with the keys of the routes that changed; `route` answers what they are now. */
  onChange: (changed: ReadonlySet<string>) => void = () => undefined;

  constructor(options: FakeRouterOptions) {
    this.#options = options;
  }

  get epoch(): bigint {
    return this.#set.epoch;
  }

  route(key: string): Route | undefined {
    return this.#set.entries.get(key)?.value;
  }

  get isConnected(): boolean {
    return this.#stream !== null;
  }

  start(): this {
    this.#connect(this.#options.addresses[this.#next++ % this.#options.addresses.length] ?? "");
    this.#sign = setInterval(() => this.#applied(), 1_000);
    return this;
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#sign !== null) clearInterval(this.#sign);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#stream?.cancel();
    this.#client?.close();
  }

  hold(holds: boolean): void {
    this.#holds = holds;
    if (holds) return;
    this.#release([...this.#waiting.values()]);
    this.#waiting.clear();
  }

  #connect(address: string): void {
    if (this.#isStopped) return;
    const client = new Client(address, credentials.createInsecure(), CHANNEL);
    const { path, requestSerialize, responseDeserialize } = methodDefinition(RouterControl.method.connect);
    const stream = client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      internalMetadata(this.#options.secret),
    );
    this.#client = client;
    let isOver = false;
    const silence = setTimeout(() => stream.cancel(), WELCOME_WITHIN_MS);
    const over = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(silence);
      if (this.#stream === stream) this.#stream = null;
      client.close();
      const { addresses } = this.#options;
      if (!this.#isStopped) {
        this.#retry = setTimeout(() => this.#connect(addresses[this.#next++ % addresses.length] ?? ""), 50);
      }
    };
    stream.on("data", ({ command }: RouterCommand) => {
      if (command.case === "welcome") {
        clearTimeout(silence);
        if (!this.#set.observeEpoch(command.value.epoch)) return stream.end();
        this.#set.reset();
        this.#stream = stream;
      } else if (command.case === "table" && command.value.set !== undefined && stream === this.#stream) {
        const { set, upsert, remove } = command.value;
        const received = this.#set.receive(set, { upsert: upsert.map(routeEntry), remove });
        if (received.kind === "mismatch") {
          stream.write(create(RouterMessageSchema, { message: { case: "mismatch", value: { version: set.version } } }));
        } else if (received.kind === "complete") this.#onTable(received.changed);
      }
    });
    stream.on("end", over);
    stream.on("close", over);
    stream.on("error", over);
    const value = { routerId: this.#routerId, highestEpoch: this.#set.epoch };
    stream.write(create(RouterMessageSchema, { message: { case: "hello", value } }));
  }

  /** Looks only at what changed, so that a large table costs this stand-in nothing. */
  #onTable(changed: ReadonlySet<string>): void {
    const gone = new Map<string, Target>();
    const fresh = new Set<string>();
    for (const key of changed) {
      for (const target of this.#targets.get(key) ?? []) gone.set(targetId(target), target);
      const targets = this.route(key)?.targets ?? [];
      for (const target of targets) fresh.add(targetId(target));
      this.#targets.set(key, targets);
    }
    for (const id of fresh) gone.delete(id);
    this.onChange(changed);
    this.#applied();
    if (this.#holds) for (const [id, target] of gone) this.#waiting.set(id, target);
    else this.#release([...gone.values()]);
  }

  #applied(): void {
    const value = { epoch: this.#set.epoch, version: this.#set.version };
    this.#stream?.write(create(RouterMessageSchema, { message: { case: "applied", value } }));
  }

  #release(targets: Target[]): void {
    if (targets.length === 0) return;
    const value = { epoch: this.#set.epoch, targets };
    this.#stream?.write(create(RouterMessageSchema, { message: { case: "released", value } }));
  }
}
