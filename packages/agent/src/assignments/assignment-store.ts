import { join } from "node:path";
import { fromJson, toJson } from "@bufbuild/protobuf";
import { modelKeyText } from "@slipway/rpc";
import { type AssignedModel, AssignedModelSchema } from "@slipway/rpc/control/agent";
import * as z from "zod";
import { StateFile } from "../state-file.ts";

const stored = z.object({
  /** Highest epoch that was obeyed. */
  epoch: z.coerce.bigint(),
  /** Null until the first assignment came. */
  models: z.array(z.json()).nullable(),
});

/** What an agent must not forget: the highest epoch it has obeyed, and the last good assignment. */
export class AssignmentStore {
  readonly #file: StateFile<typeof stored>;
  #epoch = 0n;
  #models: ReadonlyMap<string, AssignedModel> | null = null;

  constructor(stateDir: string) {
    this.#file = new StateFile(join(stateDir, "assignment.json"), stored);
    const read = this.#file.read();
    if (read === null) return;
    this.#epoch = read.epoch;
    this.#models =
      read.models === null
        ? null
        : new Map(
            read.models.map((json) => {
              const model = fromJson(AssignedModelSchema, json, { ignoreUnknownFields: true });
              return [modelKeyText(model.key), model];
            }),
          );
  }

  get epoch(): bigint {
    return this.#epoch;
  }

  /** The last good assignment; null when there has been none. */
  get models(): ReadonlyMap<string, AssignedModel> | null {
    return this.#models;
  }

  /** Keeps an epoch before it is obeyed, so that no older one ever is again, whatever becomes of this process. */
  keepEpoch(epoch: bigint): void {
    if (epoch <= this.#epoch) return;
    this.#epoch = epoch;
    this.#write();
  }

  keepModels(models: ReadonlyMap<string, AssignedModel>): void {
    this.#models = models;
    this.#write();
  }

  #write(): void {
    const models =
      this.#models === null ? null : [...this.#models.values()].map((model) => toJson(AssignedModelSchema, model));
    this.#file.write({ epoch: this.#epoch.toString(), models });
  }
}
