import type { IncomingMessage } from "node:http";
import { SlipwayError } from "@slipway/contracts";

/** A body up to this size is read whole before it is sent, so that it can be sent again; a larger one flows through. */
export const REPLAYABLE_BYTES = 1024 * 1024;

export type BodyReaderOptions = {
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
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #isComplete = false;

  constructor(request: IncomingMessage, options: BodyReaderOptions) {
    this.#request = request;
    this.#limitBytes = options.limitBytes;
    this.#contentLength = options.contentLength;
    this.#welcome = options.welcome;
  }

  /** Whether the client has sent all of it. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Calls exactly one of the two, or none when the client goes away first. */
  read(done: (body: ReadBody) => void, refuse: (error: SlipwayError) => void): void {
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
      this.#bytes += chunk.length;
      if (this.#bytes > this.#limitBytes) refuse(this.#tooLarge());
      else if (this.#bytes > REPLAYABLE_BYTES) {
        request.pause();
        request.removeAllListeners("data");
        request.removeAllListeners("end");
        done(() => this.#stream());
      }
    });
    request.on("end", () => {
      this.#isComplete = true;
      const [only] = this.#chunks;
      if (this.#bytes <= this.#limitBytes) done(this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks));
    });
  }

  /** Nothing is taken from the client before the first chunk is asked for. */
  async *#stream(): AsyncGenerator<Buffer> {
    yield* this.#chunks.splice(0);
    const rest: AsyncIterable<Buffer> = this.#request.iterator({ destroyOnReturn: false });
    for await (const chunk of rest) {
      this.#bytes += chunk.length;
      if (this.#bytes > this.#limitBytes) throw this.#tooLarge();
      yield chunk;
    }
    this.#isComplete = true;
  }

  #tooLarge(): SlipwayError {
    return new SlipwayError("request/too_large", { limitBytes: this.#limitBytes });
  }
}
