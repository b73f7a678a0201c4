import { type Db, isDatabaseUnavailable } from "@slipway/db";
import type { Clock, Logger } from "@slipway/service-kit";
import { type Acquired, acquireLease, type Holder, LEASE_MS, releaseLease, renewLease } from "./lease.ts";

const RENEW_EVERY_MS = 1_000;
/** The holder stops itself this long before the database would say so. */
const SAFETY_MS = 500;
const RETRY_MS = 250;

/** The right to lead, for as long as `signal` has not aborted and `isValid` says so. */
export type Term = {
  epoch: bigint;
  signal: AbortSignal;
  /** Checked before each write and each message: a process that was frozen finds out here before anybody hears of it. */
  isValid(): boolean;
  /** Ends the term; the next one gets an epoch above this one. */
  stepDown(reason: string, above?: bigint): void;
};

export type ElectorDeps = {
  db: Db;
  clock: Clock;
  logger: Logger;
  /** Leads until the term's signal aborts; rejects when it cannot go on. */
  lead: (term: Term) => Promise<void>;
};

/** Competes for the lease, and leads while it has it. Without a database nobody leads. */
export class Elector {
  readonly #holder: Holder;
  readonly #deps: ElectorDeps;
  #leaderAddress = "";
  #above = 0n;

  constructor(holder: Holder, deps: ElectorDeps) {
    this.#holder = holder;
    this.#deps = deps;
  }

  /** Who leads, as far as this scheduler knows; empty when nobody does. */
  get leaderAddress(): string {
    return this.#leaderAddress;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#deps;
    while (!signal.aborted) {
      const startedMs = clock.monotonicMs();
      const acquired = await this.#acquire();
      if (acquired?.kind === "leading") {
        this.#leaderAddress = this.#holder.address;
        await this.#serve(acquired.epoch, startedMs, signal).catch((error: unknown) => {
          const level = isDatabaseUnavailable(error) ? "warn" : "error";
          logger[level]({ err: error, epoch: String(acquired.epoch) }, "the term ended early");
        });
        this.#leaderAddress = "";
      } else this.#leaderAddress = acquired?.leaderAddress ?? "";
      if (!signal.aborted) await clock.sleep(RETRY_MS, signal).catch(() => undefined);
    }
  }

  async #acquire(): Promise<Acquired | null> {
    try {
      return await acquireLease(this.#deps.db, this.#holder, this.#above);
    } catch (error) {
      this.#deps.logger.warn({ err: error }, "the lease cannot be read");
      return null;
    }
  }

  async #serve(epoch: bigint, acquiredMs: number, signal: AbortSignal): Promise<void> {
    const { clock, logger, db, lead } = this.#deps;
    const ending = new AbortController();
    let deadlineMs = acquiredMs + LEASE_MS - SAFETY_MS;
    const end = (reason: string) => ending.abort(new Error(reason));
    const onStop = () => end("the scheduler stops");
    signal.addEventListener("abort", onStop, { once: true });
    const term: Term = {
      epoch,
      signal: ending.signal,
      isValid() {
        if (ending.signal.aborted) return false;
        if (clock.monotonicMs() < deadlineMs) return true;
        end("the lease ran out");
        return false;
      },
      stepDown: (reason, above = 0n) => {
        if (above > this.#above) this.#above = above;
        end(reason);
      },
    };
    const renewing = this.#renew(term, (untilMs) => {
      deadlineMs = untilMs;
    });
    logger.info({ epoch: String(epoch) }, "leads");
    try {
      await lead(term);
    } finally {
      end("the term ended");
      // A database restored from an older dump forgets epochs; what was led once is never led again.
      if (epoch > this.#above) this.#above = epoch;
      signal.removeEventListener("abort", onStop);
      await renewing;
      await releaseLease(db, this.#holder, epoch).catch(() => undefined);
      logger.info({ epoch: String(epoch), reason: String(ending.signal.reason) }, "leads no more");
    }
  }

  async #renew(term: Term, extend: (untilMs: number) => void): Promise<void> {
    const { clock, db, logger } = this.#deps;
    const watchdog = { cancel: () => {} };
    const watch = () => {
      if (term.isValid()) watchdog.cancel = clock.after(SAFETY_MS / 2, watch);
    };
    watch();
    while (!term.signal.aborted) {
      await clock.sleep(RENEW_EVERY_MS, term.signal).catch(() => undefined);
      if (!term.isValid()) break;
      const startedMs = clock.monotonicMs();
      try {
        if (await renewLease(db, this.#holder, term.epoch)) extend(startedMs + LEASE_MS - SAFETY_MS);
        else term.stepDown("another scheduler leads");
      } catch (error) {
        logger.warn({ err: error }, "the lease cannot be renewed");
      }
    }
    watchdog.cancel();
  }
}
