import { SlipwayError } from "@slipway/contracts";

/**
 * Bounds the bytes of requests that have come in and are not answered yet, held here or passed on to a model server: in
 * sum, so that the process lives whatever its callers send, and for each caller, so that none takes the room of all.
 */
export class BodyBudget {
  readonly #totalBytes: number;
  readonly #callerBytes: number;
  readonly #byCaller = new Map<string, number>();
  #heldBytes = 0;
  #refused = 0;

  constructor(limits: { totalBytes: number; callerBytes: number }) {
    this.#totalBytes = limits.totalBytes;
    this.#callerBytes = limits.callerBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get refused(): number {
    return this.#refused;
  }

  /** What one request of a caller holds; nothing yet. */
  open(caller: string): Holding {
    return new Holding(this, caller);
  }

  /** @throws SlipwayError gateway/bodies_full */
  take(caller: string, bytes: number): void {
    const own = (this.#byCaller.get(caller) ?? 0) + bytes;
    if (own > this.#callerBytes) this.#refuse("this caller", this.#callerBytes);
    if (this.#heldBytes + bytes > this.#totalBytes) this.#refuse("all callers", this.#totalBytes);
    this.#byCaller.set(caller, own);
    this.#heldBytes += bytes;
  }

  give(caller: string, bytes: number): void {
    const left = (this.#byCaller.get(caller) ?? 0) - bytes;
    if (left > 0) this.#byCaller.set(caller, left);
    else this.#byCaller.delete(caller);
    this.#heldBytes -= bytes;
  }

  #refuse(whose: string, limitBytes: number): never {
    this.#refused += 1;
    throw new SlipwayError("gateway/bodies_full", { whose, limitBytes });
  }
}

/** The bytes of one request. Ends with `release`, however the request ends. */
export class Holding {
  readonly #budget: BodyBudget;
  readonly #caller: string;
  #bytes = 0;

  constructor(budget: BodyBudget, caller: string) {
    this.#budget = budget;
    this.#caller = caller;
  }

  /** @throws SlipwayError gateway/bodies_full; what was taken before stays taken */
  take(bytes: number): void {
    this.#budget.take(this.#caller, bytes);
    this.#bytes += bytes;
  }

  release(): void {
    if (this.#bytes > 0) this.#budget.give(this.#caller, this.#bytes);
    this.#bytes = 0;
  }
}
