import { readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { RouteSchema } from "@slipway/rpc/control/router";
import { type Clock, keptFiles, type Logger } from "@slipway/service-kit";
import * as z from "zod";
import type { RouteEntry } from "./route-book.ts";

/** A change is written at once; those that follow within this time are written together at its end. */
const WRITE_EVERY_MS = 250;
/** What could not be written is tried again after this, as the disk may have room by then. */
const RETRY_MS = 1_000;

const unsigned = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);
const storedEpoch = z.object({ epoch: unsigned });
const storedTable = z.object({ format: z.literal(1), epoch: unsigned, version: unsigned, routes: z.array(z.base64()) });

export type StoredTable = { epoch: bigint; version: bigint; entries: ReadonlyMap<string, RouteEntry> };

/**
 * Keeps what a gateway must know before a scheduler answers: the highest epoch that it obeyed and the last table. Both
 * are readable by the owner alone and hold no token, only HMACs; a reader sees the old or the new file, never a part.
 */
export class TableStore {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #pending: StoredTable | null = null;
  #isScheduled = false;
  /** The last write failed: told once, until one succeeds. */
  #isFailing = false;
  #writtenAtMs = Number.NEGATIVE_INFINITY;
  /** Ends when the last write that began has ended; writes never overlap. */
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(directory: string, deps: { clock: Clock; logger: Logger }) {
    this.#directory = directory;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
  }

  /** The highest epoch that was obeyed; 0 when none is known. */
  readEpoch(): bigint {
    const stored = storedEpoch.safeParse(this.#read("epoch.json"));
    return stored.success ? stored.data.epoch : 0n;
  }

  /** On disk when it returns, so that no restart forgets it; on a disk that does not take it, as soon as it does. */
  writeEpoch(epoch: bigint): void {
    keptFiles.write(join(this.#directory, "epoch.json"), `${JSON.stringify({ epoch: String(epoch) })}\n`);
  }

  /** The last table that was written; null when there is none or it cannot be read. */
  readTable(): StoredTable | null {
    const raw = this.#read("routes.json");
    if (raw === null) return null;
    const stored = storedTable.safeParse(raw);
    if (!stored.success) {
      this.#logger.warn("the stored route table cannot be read and is left out");
      return null;
    }
    try {
      const entries = stored.data.routes.map((text) => {
        const bytes = Buffer.from(text, "base64");
        const value = fromBinary(RouteSchema, bytes);
        return [value.key, { key: value.key, value, bytes }] as const;
      });
      return { epoch: stored.data.epoch, version: stored.data.version, entries: new Map(entries) };
    } catch (error) {
      this.#logger.warn({ err: error }, "the stored route table cannot be read and is left out");
      return null;
    }
  }

  /** Writes at once, or soon after the last write; of several calls meanwhile the last one counts. */
  writeTableSoon(table: StoredTable): void {
    this.#pending = table;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const dueMs = this.#writtenAtMs + (this.#isFailing ? RETRY_MS : WRITE_EVERY_MS) - this.#clock.monotonicMs();
    this.#clock.after(Math.max(0, dueMs), () => {
      this.#isScheduled = false;
      this.#writtenAtMs = this.#clock.monotonicMs();
      this.flush();
    });
  }

  /**
   * Resolves when what waited has been tried. A failed write is logged and tried again until it or a newer one succeeds:
   * serving does not depend on it.
   */
  flush(): Promise<void> {
    this.#lastWrite = this.#lastWrite.then(() => this.#tryPending());
    return this.#lastWrite;
  }

  async #tryPending(): Promise<void> {
    const table = this.#pending;
    if (table === null) return;
    this.#pending = null;
    try {
      await this.#write(table);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing)
        this.#logger.error({ err: error }, "the route table could not be stored; it is tried again");
      this.#isFailing = true;
      this.writeTableSoon(this.#pending ?? table);
    }
  }

  async #write(table: StoredTable): Promise<void> {
    const routes = [...table.entries.values()].map(({ bytes }) => Buffer.from(bytes).toString("base64"));
    const text = JSON.stringify({ format: 1, epoch: String(table.epoch), version: String(table.version), routes });
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const path = join(this.#directory, "routes.json");
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  #read(file: string): unknown {
    try {
      return JSON.parse(readFileSync(join(this.#directory, file), "utf8"));
    } catch {
      return null;
    }
  }
}
