import { backoffDelay, type Clock, type Logger, READY, type Service } from "@slipway/service-kit";
import { BatchQueue } from "./batch-queue.ts";
import type { CallRecords } from "./call-records.ts";
import { RecorderLink } from "./recorder-link.ts";

/** How often what was counted is queued: at each multiple of this on the wall clock, so that no part spans two windows. */
const QUEUE_EVERY_MS = 5_000;
/** A timer may ring a little early by the wall clock; after this it is past the boundary for certain. */
const PAST_BOUNDARY_MS = 20;
const WINDOW_MS = 10_000;
const RETRY = { initialMs: 100, maxMs: 5_000, jitter: 0.5 };
/** How long a stop tries to send what is left. */
const LAST_SEND_MS = 2_000;

export type RecordSenderConfig = {
  schedulerAddresses: readonly string[];
  internalSecret: string;
  routerId: string;
};
export type RecordSenderDeps = { clock: Clock; logger: Logger; records: CallRecords; random: () => number };

/**
 * Tells a recorder what was counted: any one that can be reached, in order, each batch until it is stored. No request waits
 * for this. While none can be reached batches wait, up to a bound, and go out later with the time that they are of.
 */
export class RecordSender implements Service {
  readonly name = "records";
  readonly queue: BatchQueue;
  readonly #deps: RecordSenderDeps;
  readonly #links: RecorderLink[];
  readonly #stopping = new AbortController();
  #cancelTimer: () => void = () => undefined;
  #sinceMs = 0;
  /** The link that took the last batch. */
  #current = 0;
  #sending: Promise<void> | null = null;

  constructor(config: RecordSenderConfig, deps: RecordSenderDeps) {
    this.#deps = deps;
    this.queue = new BatchQueue(config.routerId);
    this.#links = config.schedulerAddresses.map((address) => new RecorderLink(address, config.internalSecret));
  }

  async start(): Promise<void> {
    this.#sinceMs = this.#deps.clock.now();
    this.#queueLater();
  }

  /** Sends what is left, to each recorder once, for 2 s at most. */
  async stop(deadline: AbortSignal): Promise<void> {
    this.#cancelTimer();
    this.#queueNow();
    this.#stopping.abort(new Error("the gateway stops"));
    await this.#sending;
    const limit = new AbortController();
    const cancelLimit = this.#deps.clock.after(LAST_SEND_MS, () => limit.abort(new Error("the gateway has stopped")));
    await this.#sendAll(AbortSignal.any([limit.signal, deadline]), { isLast: true });
    cancelLimit();
    if (this.queue.length > 0)
      this.#deps.logger.warn({ batches: this.queue.length }, "no recorder took the last counts");
    for (const link of this.#links) link.close();
  }

  ready() {
    return READY;
  }

  #queueLater(): void {
    const { clock } = this.#deps;
    const delayMs = QUEUE_EVERY_MS - (clock.now() % QUEUE_EVERY_MS) + PAST_BOUNDARY_MS;
    this.#cancelTimer = clock.after(delayMs, () => {
      this.#queueNow();
      this.#sending ??= this.#sendAll(this.#stopping.signal, { isLast: false }).finally(() => {
        this.#sending = null;
      });
      this.#queueLater();
    });
  }

  /** A request counts in the window in which the part began that it ended in; parts and windows begin together. */
  #queueNow(): void {
    const { clock, records } = this.#deps;
    const atMs = Math.floor(this.#sinceMs / WINDOW_MS) * WINDOW_MS;
    this.#sinceMs = clock.now();
    this.queue.push(atMs, records.take());
  }

  /** Sends batch after batch until there is none, or it is over. */
  async #sendAll(signal: AbortSignal, { isLast }: { isLast: boolean }): Promise<void> {
    const { clock, random, logger } = this.#deps;
    let failures = 0;
    for (let batch = this.queue.first; batch !== undefined && !signal.aborted; batch = this.queue.first) {
      const link = this.#links[this.#current];
      if (link === undefined) return;
      const delivery = await link.send(batch.bytes, signal);
      if (delivery !== "later") {
        failures = 0;
        if (delivery === "stored") this.queue.done(batch);
        else this.queue.refuse(batch);
        if (delivery === "refused") logger.error({ recorder: link.address }, "a recorder refuses what was counted");
        continue;
      }
      failures += 1;
      this.#current = (this.#current + 1) % this.#links.length;
      // Each one is tried before there is any waiting.
      const isRoundOver = failures % this.#links.length === 0;
      if (isRoundOver && isLast) return;
      if (isRoundOver) await clock.sleep(backoffDelay(RETRY, failures, random), signal).catch(() => undefined);
    }
  }
}
