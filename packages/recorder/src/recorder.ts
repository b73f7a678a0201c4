import { SlipwayError } from "@slipway/contracts";
import { type Db, transaction } from "@slipway/db";
import type { RecordBatch } from "@slipway/rpc/control/recorder";
import { type Clock, type DiskRoom, type Logger, READY, type Registry, type Service } from "@slipway/service-kit";
import { readBatch } from "./intake/read-batch.ts";
import { takeBatch } from "./intake/take-batch.ts";
import { createRecorderMetrics } from "./metrics.ts";
import { removeOld } from "./retention/remove-old.ts";
import { addWindows } from "./rollups/add-windows.ts";
import type { GaugeSample } from "./rollups/gauge-sample.ts";
import { refreshRates } from "./rollups/refresh-rates.ts";

/** Batches that may wait for the database at once; more are sent away, to come again. */
const WAITING_LIMIT = 32;
const REFRESH_RATES_MS = 10_000;
const REMOVE_OLD_MS = 5 * 60_000;
/** Samples that one transaction stores, so that none takes long. */
const SAMPLES_AT_ONCE = 500;

/** `db` should be its own connections: what it waits for, nobody else should. */
export type RecorderDeps = {
  db: Db;
  clock: Clock;
  logger: Logger;
  registry: Registry;
  /** The disk that history goes to; unset where it is not looked at. */
  disk?: DiskRoom | undefined;
};

export type Recorder = Service & {
  /**
   * Stores a batch, once; false when it had been stored before.
   * @throws request/invalid, recorder/busy, platform/disk_full, or what the database says: it may be given again
   */
  take(batch: RecordBatch): Promise<boolean>;
  /** Adds what was measured of deployments. A failure or a full disk loses the samples of that moment; none is stored twice. */
  addGauges(samples: readonly GaugeSample[]): Promise<void>;
};

/** Takes in what gateways counted and what the leader measured, keeps rates current and removes what is old. */
export function createRecorder({ db, clock, logger, registry, disk }: RecorderDeps): Recorder {
  const metrics = createRecorderMetrics(registry);
  const ended = new AbortController();
  let waiting = 0;
  let running: Promise<unknown> = Promise.resolve();

  async function repeat(everyMs: number, what: string, work: () => Promise<void>): Promise<void> {
    while (!ended.signal.aborted) {
      await clock.sleep(everyMs, ended.signal).catch(() => undefined);
      if (ended.signal.aborted) return;
      await work().catch((error: unknown) => {
        if (!ended.signal.aborted) logger.warn({ err: error }, `${what}; trying again later`);
      });
    }
  }

  async function store(batch: RecordBatch): Promise<boolean> {
    const shortage = (await disk?.shortage()) ?? null;
    if (shortage !== null) throw new SlipwayError("platform/disk_full", shortage);
    const read = readBatch(batch, clock.now());
    const wasNew = await takeBatch(db, read, clock.now());
    (wasNew ? metrics.batches : metrics.known).inc();
    if (wasNew && read.refused > 0) {
      metrics.refused.inc(read.refused);
      logger.warn({ router: read.routerId, windows: read.refused }, "counts of an impossible time were left out");
    }
    return wasNew;
  }

  return {
    name: "recorder",
    async start() {
      running = Promise.all([
        repeat(REFRESH_RATES_MS, "rates could not be refreshed", () => refreshRates(db, clock.now())),
        repeat(REMOVE_OLD_MS, "old metrics could not be removed", async () => {
          metrics.removed.inc(await removeOld(db, clock.now(), ended.signal));
        }),
      ]);
    },
    async stop() {
      ended.abort(new Error("the recorder stops"));
      await running;
    },
    ready: () => READY,
    async take(batch) {
      if (waiting >= WAITING_LIMIT) {
        metrics.busy.inc();
        throw new SlipwayError("recorder/busy", { limit: WAITING_LIMIT });
      }
      waiting += 1;
      return store(batch).finally(() => {
        waiting -= 1;
      });
    },
    async addGauges(samples) {
      if (((await disk?.shortage()) ?? null) !== null) return;
      for (let start = 0; start < samples.length; start += SAMPLES_AT_ONCE) {
        const increments = samples.slice(start, start + SAMPLES_AT_ONCE).map((sample) => ({
          ...{ deploymentUid: sample.deploymentUid, atMs: sample.atMs, gauges: sample },
          ...{ codes: {}, latency: {}, maxInFlight: null },
        }));
        await transaction(db, (tx) => addWindows(tx, increments, clock.now()));
      }
    },
  };
}
