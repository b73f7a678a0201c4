import { SlipwayError } from "@slipway/contracts";

export type BodyLimits = {
  /** Bytes of all bodies that are held at once. */
  processBytes: number;
  /** Of these, what one caller's may take. */
  callerBytes: number;
};

/** Room for many manifests at their limit, quoted as JSON, and for two at once of each caller. */
export const BODY_LIMITS: BodyLimits = { processBytes: 96 * 1024 * 1024, callerBytes: 16 * 1024 * 1024 };

/** The bytes of one request's body, until they are given back. */
export type BodyHold = {
  /** @throws request/too_many_bytes */
  take(bytes: number): void;
  /** Gives everything back; as often as one likes. */
  release(): void;
};

/**
 * Counts the bytes of bodies that are in memory, for the whole process and for each caller, so that however many requests
 * come at once, what they hold together is bounded, and no caller takes the room of all.
 */
export class BodyBudget {
  readonly #limits: BodyLimits;
  readonly #callers = new Map<string, number>();
  #heldBytes = 0;

  constructor(limits: BodyLimits = BODY_LIMITS) {
    this.#limits = limits;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  hold(caller: string): BodyHold {
    let held = 0;
    return {
      take: (bytes) => {
        const ofCaller = this.#callers.get(caller) ?? 0;
        const { processBytes, callerBytes } = this.#limits;
        if (ofCaller + bytes > callerBytes)
          throw new SlipwayError("request/too_many_bytes", { limitBytes: callerBytes });
        if (this.#heldBytes + bytes > processBytes) {
          throw new SlipwayError("request/too_many_bytes", { limitBytes: processBytes });
        }
        held += bytes;
        this.#heldBytes += bytes;
        this.#callers.set(caller, ofCaller + bytes);
      },
      release: () => {
        const left = (this.#callers.get(caller) ?? 0) - held;
        if (left > 0) this.#callers.set(caller, left);
        else this.#callers.delete(caller);
        this.#heldBytes -= held;
        held = 0;
      },
    };
  }
}
