import { SlipwayError } from "@slipway/contracts";
import { backoffDelay, type Clock, systemClock } from "@slipway/service-kit";
import type { PoolClient } from "pg";
import type { Db } from "./create-db.ts";
import { isRetryable } from "./database-errors.ts";

/** A connection inside a transaction. Whoever gets one neither commits nor rolls back. */
export type Tx = Pick<PoolClient, "query">;

/** No transaction may hold up the change feed's horizon for longer. */
const TRANSACTION_LIMIT_MS = 2_000;
const MAX_ATTEMPTS = 6;
const RETRY = { initialMs: 5, maxMs: 200, jitter: 0.8 };
const BEGIN = `BEGIN; SET LOCAL lock_timeout = ${TRANSACTION_LIMIT_MS}; SET LOCAL statement_timeout = ${TRANSACTION_LIMIT_MS}; SET LOCAL idle_in_transaction_session_timeout = ${TRANSACTION_LIMIT_MS}`;

/** Thrown inside a transaction to have it rolled back and run again, e.g. after losing a race for a name. */
export class RunAgain extends Error {
  override readonly name = "RunAgain";
}

/**
 * Runs `work` in one transaction (read committed): all of it is stored or nothing is.
 * Serialization failures, deadlocks and `RunAgain` run it again, up to 6 times; so `work` changes nothing but the database.
 */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>, clock: Clock = systemClock): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runOnce(db, work);
    } catch (error) {
      const again = error instanceof RunAgain || isRetryable(error);
      if (!again || attempt + 1 >= MAX_ATTEMPTS) throw error;
      await clock.sleep(backoffDelay(RETRY, attempt, Math.random));
    }
  }
}

/**
 * A transaction that only the leader of `epoch` can commit: it holds the epoch's row shared, so that a takeover waits for it.
 * @throws scheduler/stale_epoch when another leader has taken over; nothing was written then
 */
export async function withEpoch<T>(db: Db, epoch: bigint | number, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<{ value: string }>("SELECT value FROM epoch WHERE name = 'scheduler' FOR SHARE");
    const current = BigInt(rows[0]?.value ?? 0);
    if (current !== BigInt(epoch)) {
      throw new SlipwayError("scheduler/stale_epoch", { given: Number(epoch), current: Number(current) });
    }
    return work(tx);
  });
}

async function runOnce<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  try {
    await client.query(BEGIN);
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.removeListener("error", onError);
    client.release(broken);
  }
}
