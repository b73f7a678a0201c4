import { ABORTED } from "@slipway/contracts";

/** Different statuses that are told apart; all beyond count as `other`. */
export const STATUS_SLOTS = 48;
const OTHER_SLOT = 1;

/** Numbers the statuses that occur, so that a request counts by its status in a small array. */
export class StatusSlots {
  readonly #slots = new Uint8Array(1_000);
  readonly #names = [ABORTED, "other"];

  /** The slot of an HTTP status; 0 = the client went away before an answer. */
  slotOf(status: number): number {
    const slot = this.#slots[status] ?? OTHER_SLOT;
    return slot === 0 && status !== 0 ? this.#assign(status) : slot;
  }

  nameOf(slot: number): string {
    return this.#names[slot] ?? "other";
  }

  #assign(status: number): number {
    const isNew = this.#names.length < STATUS_SLOTS && status >= 100;
    const slot = isNew ? this.#names.push(String(status)) - 1 : OTHER_SLOT;
    this.#slots[status] = slot;
    return slot;
  }
}
