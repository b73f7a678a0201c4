import { SlipwayError } from "@slipway/contracts";

/**
 * What all bodies and answers of a process may hold together, beyond what one read of a socket brings. What comes beyond
 * it is refused at once, so that many callers with large bodies can never take the memory from everybody.
 */
export class BytesInFlight {
  readonly limitBytes: number;
  used = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }
}

/** What emits `close` when a request is over, however it ends, and is `destroyed` from then on. */
export type EndOfRequest = { readonly destroyed: boolean; once(event: "close", listener: () => void): unknown };

/** The end of a request that has no such thing of its own. */
export class ManualEnd implements EndOfRequest {
  destroyed = false;
  #listener: (() => void) | null = null;

  once(_event: "close", listener: () => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.destroyed = true;
    this.#listener?.();
    this.#listener = null;
  }
}

/** The part of one request, which holds nothing at first and is given back when the request is over. */
export class ByteShare {
  readonly #whole: BytesInFlight;
  readonly #end: EndOfRequest;
  #held = 0;
  #isWatched = false;

  constructor(whole: BytesInFlight, end: EndOfRequest) {
    this.#whole = whole;
    this.#end = end;
  }

  /** @throws SlipwayError server/bodies_in_flight, and holds no more than before; request/cancelled when it is over */
  take(bytes: number): void {
    if (this.#end.destroyed) throw new SlipwayError("request/cancelled", {});
    const { limitBytes, used } = this.#whole;
    if (used + bytes > limitBytes) throw new SlipwayError("server/bodies_in_flight", { limitBytes });
    this.#whole.used += bytes;
    this.#held += bytes;
    // Most requests never come here, so they need no listener.
    if (!this.#isWatched) this.#end.once("close", () => this.#release());
    this.#isWatched = true;
  }

  #release(): void {
    this.#whole.used -= this.#held;
    this.#held = 0;
  }
}
