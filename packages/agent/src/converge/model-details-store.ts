import { join } from "node:path";
import * as z from "zod";
import { StateFile } from "../state-file.ts";
import { type ModelDetails, modelDetails } from "./held-model.ts";

const stored = z.record(z.string(), modelDetails);

/** What is known of each assigned model version; outlives the agent, so that the next one reports it without loading again. */
export class ModelDetailsStore {
  readonly #file: StateFile<typeof stored>;
  readonly #details: Map<string, ModelDetails>;

  constructor(stateDir: string) {
    this.#file = new StateFile(join(stateDir, "models.json"), stored);
    this.#details = new Map(Object.entries(this.#file.read() ?? {}));
  }

  get(key: string): ModelDetails | null {
    return this.#details.get(key) ?? null;
  }

  keep(key: string, details: ModelDetails): void {
    this.#details.set(key, details);
    this.#file.write(Object.fromEntries(this.#details));
  }

  forget(key: string): void {
    if (this.#details.delete(key)) this.#file.write(Object.fromEntries(this.#details));
  }
}
