import { create, toBinary } from "@bufbuild/protobuf";
import { RecordBatchSchema } from "@slipway/rpc/control/recorder";
import type { TakenUse, TakenWindow } from "./call-records.ts";

/** What one batch holds at most: the change feed waits for the transaction that stores it, so that has to be short. */
const WINDOWS_AT_ONCE = 100;
const USES_AT_ONCE = 2_000;

/**
 * What may wait for a recorder; beyond it the oldest goes. The bytes are two hours of a hundred deployments with traffic;
 * the batches bound what many small ones take besides their bytes.
 */
export const QUEUE_LIMITS = { batches: 10_000, bytes: 32 * 1024 * 1024 } as const;

export type QueuedBatch = { readonly bytes: Uint8Array; readonly requests: number };

/** Batches in their order, encoded, each with a number of its own; bounded by count and bytes. */
export class BatchQueue {
  readonly #routerId: string;
  readonly #batches: QueuedBatch[] = [];
  #bytes = 0;
  #sequence = 0n;
  /** Requests whose counts went with batches that found no room, or that no recorder took. */
  droppedRequests = 0;

  constructor(routerId: string) {
    this.#routerId = routerId;
  }

  get length(): number {
    return this.#batches.length;
  }

  get first(): QueuedBatch | undefined {
    return this.#batches[0];
  }

  /** Queues what was counted in the window of 10 s that begins at `atMs`, in as many batches as it needs. */
  push(atMs: number, { windows, uses }: { windows: readonly TakenWindow[]; uses: readonly TakenUse[] }): void {
    const batches = Math.max(Math.ceil(windows.length / WINDOWS_AT_ONCE), Math.ceil(uses.length / USES_AT_ONCE));
    for (let index = 0; index < batches; index += 1) {
      const some = windows.slice(index * WINDOWS_AT_ONCE, (index + 1) * WINDOWS_AT_ONCE);
      this.#add(atMs, some, uses.slice(index * USES_AT_ONCE, (index + 1) * USES_AT_ONCE));
    }
    while (this.#batches.length > QUEUE_LIMITS.batches || this.#bytes > QUEUE_LIMITS.bytes) {
      this.droppedRequests += this.#shift()?.requests ?? 0;
    }
  }

  /** The batch was stored. Nothing happens when it has been dropped meanwhile. */
  done(batch: QueuedBatch): void {
    if (this.first === batch) this.#shift();
  }

  /** The batch will never be taken. */
  refuse(batch: QueuedBatch): void {
    if (this.first !== batch) return;
    this.#shift();
    this.droppedRequests += batch.requests;
  }

  #add(atMs: number, windows: readonly TakenWindow[], uses: readonly TakenUse[]): void {
    this.#sequence += 1n;
    const message = create(RecordBatchSchema, {
      routerId: this.#routerId,
      sequence: this.#sequence,
      windows: windows.map((window) => ({ ...window, atMs: BigInt(atMs) })),
      tokenUses: uses.map(({ hmac, lastUsedMs, calls }) => ({
        ...{ hmac: Buffer.from(hmac, "hex"), calls },
        lastUsedMs: BigInt(Math.round(lastUsedMs)),
      })),
    });
    const requests = windows.flatMap(({ codes }) => Object.values(codes)).reduce((sum, count) => sum + count, 0);
    const bytes = toBinary(RecordBatchSchema, message);
    this.#batches.push({ bytes, requests });
    this.#bytes += bytes.length;
  }

  #shift(): QueuedBatch | undefined {
    const batch = this.#batches.shift();
    this.#bytes -= batch?.bytes.length ?? 0;
    return batch;
  }
}
