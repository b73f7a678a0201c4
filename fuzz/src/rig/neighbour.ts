import { Worker } from "node:worker_threads";

/** Numbers that the watching thread writes and this one reads. */
export const SLOT = { longestMs: 0, wrong: 1, answered: 2, stop: 3 } as const;
/** What it is asked, and what must stand in a right answer. */
export type Call = { url: string; method: "GET" | "POST"; body: string; expected: readonly string[] };
export type NeighbourWork = { call: Call; shared: SharedArrayBuffer };

/** Somebody else, served by the same processes and called all the while from a thread of its own. */
export type Neighbour = {
  /** The longest that one of its calls has waited since this was last asked. */
  takeLongestWaitMs(): number;
  /** Calls that failed, or were answered with something else than what is right. */
  wrong(): number;
  /** Right answers so far. */
  answered(): number;
  stop(): Promise<void>;
};

/** Begins to call it. */
export async function watchNeighbour(call: Call): Promise<Neighbour> {
  const shared = new SharedArrayBuffer(4 * Object.keys(SLOT).length);
  const numbers = new Int32Array(shared);
  const work: NeighbourWork = { call, shared };
  const worker = new Worker(new URL("./neighbour-thread.ts", import.meta.url), { workerData: work });
  const ended = new Promise<void>((resolve, reject) => {
    worker.once("exit", () => resolve());
    worker.once("error", reject);
  });
  return {
    takeLongestWaitMs: () => Atomics.exchange(numbers, SLOT.longestMs, 0),
    wrong: () => Atomics.load(numbers, SLOT.wrong),
    answered: () => Atomics.load(numbers, SLOT.answered),
    async stop() {
      Atomics.store(numbers, SLOT.stop, 1);
      await ended;
    },
  };
}
