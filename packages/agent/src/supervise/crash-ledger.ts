import { join } from "node:path";
import * as z from "zod";
import { StateFile } from "../state-file.ts";

/** In how many crashes a model may have been loading or running before it is quarantined. */
export const CRASHES_TO_QUARANTINE = 2;
/** Crashes further apart than this are not held against a model together. */
const CRASH_WINDOW_MS = 3_600_000;

const stored = z.record(z.string(), z.array(z.number()));

/** Which models were loading or running when their model server crashed; outlives the agent. */
export class CrashLedger {
  readonly #file: StateFile<typeof stored>;
  readonly #crashes: Map<string, number[]>;

  constructor(stateDir: string) {
    this.#file = new StateFile(join(stateDir, "crashes.json"), stored);
    this.#crashes = new Map(Object.entries(this.#file.read() ?? {}));
  }

  crashesOf(key: string): number {
    return this.#crashes.get(key)?.length ?? 0;
  }

  isQuarantined(key: string): boolean {
    return this.crashesOf(key) >= CRASHES_TO_QUARANTINE;
  }

  /** Holds a crash against the models; gives those that are quarantined by it. */
  record(keys: Iterable<string>, atMs: number): string[] {
    const quarantined: string[] = [];
    for (const key of new Set(keys)) {
      const wasQuarantined = this.isQuarantined(key);
      const recent = (this.#crashes.get(key) ?? []).filter((then) => wasQuarantined || atMs - then < CRASH_WINDOW_MS);
      this.#crashes.set(key, [...recent, atMs]);
      if (!wasQuarantined && this.isQuarantined(key)) quarantined.push(key);
    }
    this.#write();
    return quarantined;
  }

  /** Forgets a model version that left the assignment: if it is assigned again, it gets another chance. */
  forget(key: string): void {
    if (this.#crashes.delete(key)) this.#write();
  }

  #write(): void {
    this.#file.write(Object.fromEntries(this.#crashes));
  }
}
