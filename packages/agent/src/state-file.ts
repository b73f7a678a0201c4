import { readFileSync } from "node:fs";
import { keptFiles } from "@slipway/service-kit";
import type * as z from "zod";

/** A JSON file of an agent's state folder: written whole, readable by its owner alone. */
export class StateFile<Schema extends z.ZodType> {
  readonly #path: string;
  readonly #schema: Schema;

  constructor(path: string, schema: Schema) {
    this.#path = path;
    this.#schema = schema;
  }

  /** What was written last; null when there is nothing, or nothing that can be read. */
  read(): z.output<Schema> | null {
    try {
      return this.#schema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch {
      return null;
    }
  }

  /** On a disk that does not take it the value is written as soon as it does: serving does not wait for it. */
  write(value: z.input<Schema>): void {
    keptFiles.write(this.#path, `${JSON.stringify(value)}\n`);
  }
}
