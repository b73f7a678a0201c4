import type { Target } from "@slipway/rpc/control/router";

/** What this gateway has under way at one target (a model version on a replica), across versions of the route table. */
export type TargetAccount = {
  readonly id: string;
  readonly target: Target;
  /** Requests given to the target and not ended, queued ones included. */
  inFlight: number;
  /** Routes of the current table that name the target. */
  references: number;
};

/** Says the same for equal targets; the addresses are not part of what a target is. */
export function targetId(target: Target): string {
  const { model, replica } = target;
  return `${model?.modelUid}/${model?.version}@${replica?.group}/${replica?.server}/${replica?.replica}`;
}

/**
 * Counts requests by target and tells, once for each time that a target leaves the table, when nothing of this gateway
 * is in flight there any more. Only then may the replica unload the model.
 */
export class TargetLedger {
  readonly #accounts = new Map<string, TargetAccount>();
  readonly #onReleased: (account: TargetAccount) => void;

  constructor(onReleased: (account: TargetAccount) => void) {
    this.#onReleased = onReleased;
  }

  /** A route names the target; every call needs one `drop`. */
  hold(target: Target): TargetAccount {
    const id = targetId(target);
    const known = this.#accounts.get(id);
    const account = known ?? { id, target, inFlight: 0, references: 0 };
    account.references += 1;
    this.#accounts.set(id, account);
    return account;
  }

  /** A route no longer names the target. */
  drop(account: TargetAccount): void {
    account.references -= 1;
    this.#releaseWhenIdle(account);
  }

  begin(account: TargetAccount): void {
    account.inFlight += 1;
  }

  end(account: TargetAccount): void {
    account.inFlight -= 1;
    if (account.references === 0) this.#releaseWhenIdle(account);
  }

  /** Whether a route of the current table, or a request that has not ended, needs the target. */
  isHeld(id: string): boolean {
    return this.#accounts.has(id);
  }

  /** Targets that left the table while requests are under way there. */
  get draining(): number {
    let count = 0;
    for (const { references } of this.#accounts.values()) if (references === 0) count += 1;
    return count;
  }

  #releaseWhenIdle(account: TargetAccount): void {
    if (account.references > 0 || account.inFlight > 0) return;
    this.#accounts.delete(account.id);
    this.#onReleased(account);
  }
}
