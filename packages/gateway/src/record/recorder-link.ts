import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { internalMetadata, methodDefinition } from "@slipway/rpc";
import { Recorder } from "@slipway/rpc/control/recorder";

const ANSWER_WITHIN_MS = 5_000;
const CHANNEL_OPTIONS = {
  "grpc.use_local_subchannel_pool": 1,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
};

/** What became of a batch: `later` = it may be sent again, there or elsewhere. */
export type Delivery = "stored" | "refused" | "later";

/** Sends encoded batches to the recorder of one scheduler process. */
export class RecorderLink {
  readonly address: string;
  readonly #secret: string;
  #client: Client | null = null;

  constructor(address: string, secret: string) {
    this.address = address;
    this.#secret = secret;
  }

  /** Never rejects; an answer that does not come within 5 s counts as none. */
  send(bytes: Uint8Array, signal: AbortSignal): Promise<Delivery> {
    const { path, responseDeserialize } = methodDefinition(Recorder.method.record);
    this.#client ??= new Client(this.address, credentials.createInsecure(), CHANNEL_OPTIONS);
    const client = this.#client;
    return new Promise((resolve) => {
      const call = client.makeUnaryRequest(
        path,
        (encoded: Uint8Array) => Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength),
        responseDeserialize,
        bytes,
        internalMetadata(this.#secret),
        { deadline: Date.now() + ANSWER_WITHIN_MS },
        (error: ServiceError | null) => {
          signal.removeEventListener("abort", cancel);
          resolve(deliveryOf(error));
        },
      );
      const cancel = () => call.cancel();
      signal.addEventListener("abort", cancel, { once: true });
      if (signal.aborted) cancel();
    });
  }

  close(): void {
    this.#client?.close();
    this.#client = null;
  }
}

function deliveryOf(error: ServiceError | null): Delivery {
  if (error === null) return "stored";
  return error.code === status.INVALID_ARGUMENT ? "refused" : "later";
}
