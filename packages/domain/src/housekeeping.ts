import { type Db, pruneChanges } from "@slipway/db";
import { type Clock, READY, type Service } from "@slipway/service-kit";

/** How long rows are kept that only look back. */
export const KEEP = { changesMs: 3_600_000, eventsDays: 30, spentLinksDays: 1, auditDays: 365 } as const;

const EVERY_MS = 10 * 60_000;
const BATCH = 1_000;

export type HousekeepingDeps = { db: Db; clock: Clock; onError: (error: unknown) => void };

/** Removes what is too old to be of use, every ten minutes, in small batches; several processes may do so at once. */
export function createHousekeeping({ db, clock, onError }: HousekeepingDeps): Service {
  let stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const loop = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      await removeOld(db, signal).catch((error: unknown) => (signal.aborted ? undefined : onError(error)));
      await clock.sleep(EVERY_MS, signal).catch(() => undefined);
    }
  };
  return {
    name: "housekeeping",
    async start() {
      stopping = new AbortController();
      running = loop(stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
    },
    ready: () => READY,
  };
}

/** One round of it. */
export async function removeOld(db: Db, signal: AbortSignal): Promise<void> {
  await pruneChanges(db, { keepMs: KEEP.changesMs, batch: BATCH, signal });
  await removeBatches(db, signal, "event", `last_at < now() - interval '${KEEP.eventsDays} days'`);
  await removeBatches(db, signal, "audit", `at < now() - interval '${KEEP.auditDays} days'`);
  await removeBatches(db, signal, "sign_in_link", `expires_at < now() - interval '${KEEP.spentLinksDays} days'`);
  await removeBatches(db, signal, "session", "expires_at < now()");
  await removeBatches(db, signal, "verification", "expires_at < now()");
  await removeBatches(db, signal, "rate_limit", "last_request < (extract(epoch FROM now()) - 3600) * 1000");
}

async function removeBatches(db: Db, signal: AbortSignal, table: string, old: string): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { rowCount } = await db.pool.query(
      `DELETE FROM ${table} WHERE ctid IN (SELECT ctid FROM ${table} WHERE ${old} LIMIT ${BATCH})`,
    );
    if ((rowCount ?? 0) < BATCH) return;
  }
}
