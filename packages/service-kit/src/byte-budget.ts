export type ByteLimits = {
  /** Bytes that all callers together may make the process hold. */
  totalBytes: number;
  /** Of these, what one caller may. */
  callerBytes: number;
};

/** Whose bytes were too many, and the error that says so. */
export type RefuseBytes = (whose: "caller" | "all", limitBytes: number) => Error;

/**
 * Counts the bytes that callers make a process hold: in sum, so that the process lives whatever they send, and for each
 * caller, so that none takes the room of all.
 */
export class ByteBudget {
  readonly #limits: ByteLimits;
  readonly #refusal: RefuseBytes;
  readonly #byCaller = new Map<string, number>();
  #heldBytes = 0;
  #refused = 0;

  constructor(limits: ByteLimits, refusal: RefuseBytes) {
    this.#limits = limits;
    this.#refusal = refusal;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** How often it had no room. */
  get refused(): number {
    return this.#refused;
  }

  /** What one request of a caller holds; nothing yet. */
  open(caller: string): ByteHolding {
    return new ByteHolding(this, caller);
  }

  /** @throws what `refusal` gives; nothing is taken then */
  take(caller: string, bytes: number): void {
    const { totalBytes, callerBytes } = this.#limits;
    const own = (this.#byCaller.get(caller) ?? 0) + bytes;
    if (own > callerBytes) this.#refuse("caller", callerBytes);
    if (this.#heldBytes + bytes > totalBytes) this.#refuse("all", totalBytes);
    this.#byCaller.set(caller, own);
    this.#heldBytes += bytes;
  }

  give(caller: string, bytes: number): void {
    const left = (this.#byCaller.get(caller) ?? 0) - bytes;
    if (left > 0) this.#byCaller.set(caller, left);
    else this.#byCaller.delete(caller);
    this.#heldBytes -= bytes;
  }

  #refuse(whose: "caller" | "all", limitBytes: number): never {
    this.#refused += 1;
    throw this.#refusal(whose, limitBytes);
  }
}

/** The bytes of one request. Ends with `release`, however the request ends; releasing again does nothing. */
export class ByteHolding {
  readonly #budget: ByteBudget;
  readonly #caller: string;
  #bytes = 0;

  constructor(budget: ByteBudget, caller: string) {
    this.#budget = budget;
    this.#caller = caller;
  }

  /** @throws what the budget refuses with; what was taken before stays taken */
  take(bytes: number): void {
    this.#budget.take(this.#caller, bytes);
    this.#bytes += bytes;
  }

  release(): void {
    if (this.#bytes > 0) this.#budget.give(this.#caller, this.#bytes);
    this.#bytes = 0;
  }
}
