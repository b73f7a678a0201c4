import type { Recorder } from "@slipway/recorder";
import { type Clock, type Logger, READY, type Service } from "@slipway/service-kit";
import type { World } from "../snapshot/world.ts";
import { type CpuReadings, readCpu, sampleGauges } from "./sample-gauges.ts";

/** Once in each window of 10 s, in its middle, so that a late timer still meets the window that it is for. */
const EVERY_MS = 10_000;
const MIDDLE_MS = 5_000;
/** With more deployments than this each is measured once a minute, so that samples stay a small part of all writes. */
export const SAMPLED_EACH_TIME = 1_000;
const SELDOM = 6;

export type GaugeSamplerDeps = {
  clock: Clock;
  logger: Logger;
  recorder: Pick<Recorder, "addGauges">;
  /** The snapshot of whoever leads, when it is this process; else null. */
  world: () => World | null;
};

/** Measures deployments while this scheduler leads. A sample that cannot be stored is lost, and the next one is not. */
export function createGaugeSampler({ clock, logger, recorder, world }: GaugeSamplerDeps): Service {
  const ended = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let before: { readings: CpuReadings; atMs: number } | null = null;

  async function sample(round: number): Promise<void> {
    const present = world();
    if (present === null) {
      before = null;
      return;
    }
    if (present.deployments.size > SAMPLED_EACH_TIME && round % SELDOM !== 0) return;
    const now = readCpu(present);
    const nowMs = clock.monotonicMs();
    const overMs = before === null ? null : nowMs - before.atMs;
    const samples = sampleGauges(present, { before: before?.readings ?? new Map(), now, atMs: clock.now(), overMs });
    before = { readings: now, atMs: nowMs };
    await recorder.addGauges(samples);
  }

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      const sinceMiddleMs = (clock.now() - MIDDLE_MS) % EVERY_MS;
      await clock.sleep(EVERY_MS - sinceMiddleMs, ended.signal).catch(() => undefined);
      if (ended.signal.aborted) return;
      await sample(Math.floor(clock.now() / EVERY_MS)).catch((error: unknown) =>
        logger.warn({ err: error }, "what deployments look like could not be stored"),
      );
    }
  }

  return {
    name: "gauges",
    async start() {
      running = run();
    },
    async stop() {
      ended.abort(new Error("the scheduler stops"));
      await running;
    },
    ready: () => READY,
  };
}
