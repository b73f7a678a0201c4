import type { IncomingMessage } from "node:http";
import { SlipwayError } from "@slipway/contracts";

/** A body up to this size is read whole before it is sent, so that it can be sent again; a larger one flows through. */
export const REPLAYABLE_BYTES = 1024 * 1024;

/**
 * What each request may hold without being counted, so that counting costs small ones nothing; the limit of connections
 * bounds their sum.
 */
export const UNCOUNTED_BYTES = 16 * 1024;

/** Counts bytes that are held for a request. */
export interface Holder {
  /** @throws SlipwayError gateway/bodies_full */
  hold(bytes: number): void;
}

export type BodyReaderOptions = {
  holder: Holder;
  limitBytes: number;
  /** -1 = not declared. */
  contentLength: number;
  /** Called when the body is wanted, for a client that waits to be told. */
  welcome?: (() => void) | undefined;
};

export type ReadBody = Buffer | (() => AsyncIterable<Buffer>);

/**
 * Reads a request's body: small ones whole, large ones as a stream to be passed on. A body over the limit is refused
 * at its head where it declares its size, else at the byte that is too many.
 */
export class BodyReader {
  readonly #request: IncomingMessage;
  readonly #limitBytes: number;
  readonly #contentLength: number;
  readonly #welcome: (() => void) | undefined;
  readonly #holder: Holder;
  #countedBytes = UNCOUNTED_BYTES;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #isComplete = false;

  constructor(request: IncomingMessage, options: BodyReaderOptions) {
    this.#request = request;
    this.#limitBytes = options.limitBytes;
    this.#contentLength = options.contentLength;
    this.#welcome = options.welcome;
    this.#holder = options.holder;
  }

  /** Whether the client has sent all of it. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Calls exactly one of the two, or none when the client goes away first. */
  read(done: (body: ReadBody) => void, refuse: (error: unknown) => void): void {
    const request = this.#request;
    if (this.#contentLength > this.#limitBytes) {
      refuse(this.#tooLarge());
      return;
    }
    this.#welcome?.();
    if (this.#contentLength > REPLAYABLE_BYTES) {
      done(() => this.#stream());
      return;
    }
    request.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      try {
        this.#count(chunk);
      } catch (error) {
        this.#chunks.length = 0;
        request.removeAllListeners("end");
        refuse(error);
        return;
      }
      if (this.#bytes > REPLAYABLE_BYTES) {
        request.pause();
        request.removeAllListeners("data");
        request.removeAllListeners("end");
        done(() => this.#stream());
      }
    });
    request.on("end", () => {
      this.#isComplete = true;
      const [only] = this.#chunks;
      done(this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks));
    });
  }

  /** Nothing is taken from the client before the first chunk is asked for. */
  async *#stream(): AsyncGenerator<Buffer> {
    yield* this.#chunks.splice(0);
    const rest: AsyncIterable<Buffer> = this.#request.iterator({ destroyOnReturn: false });
    for await (const chunk of rest) {
      this.#count(chunk);
      yield chunk;
    }
    this.#isComplete = true;
  }

  /** @throws SlipwayError request/too_large, gateway/bodies_full */
  #count(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limitBytes) throw this.#tooLarge();
    if (this.#bytes <= this.#countedBytes) return;
    this.#holder.hold(this.#bytes - this.#countedBytes);
    this.#countedBytes = this.#bytes;
  }

  #tooLarge(): SlipwayError {
    return new SlipwayError("request/too_large", { limitBytes: this.#limitBytes });
  }
}
