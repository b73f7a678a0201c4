import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keptFiles, processIdentity } from "@slipway/service-kit";
import * as z from "zod";
import { type ReplicaKey, replicaId } from "../driver.ts";

const replicaSpec = z.object({
  group: z.string(),
  server: z.string(),
  replica: z.int().min(0),
  runtime: z.string(),
  capabilities: z.array(z.string()),
  memoryBytes: z.number(),
});

/** What this driver, and any later one on the same data directory, knows of a replica that it made. */
const replicaRecord = z.object({
  spec: replicaSpec,
  /** `<server>-<replica>`; the part that the names of its processes and its folders share. */
  suffix: z.string().regex(/^[a-z0-9-]{1,87}$/),
  /** The agent that was started last; null before the first. */
  agent: processIdentity.nullable(),
  /** Digest of what that agent was told; see `settingsDigest`. */
  settings: z.string(),
  /** Removed on purpose: nobody starts it again. The record stays, so that its logs are found and its name stays its own. */
  removed: z.boolean(),
});
export type ReplicaRecord = z.output<typeof replicaRecord>;

/** The records of a data directory's replicas, one file each; what the disk did not take yet is known here all the same. */
export class ReplicaRecords {
  readonly #directory: string;
  readonly #written = new Set<string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  all(): ReplicaRecord[] {
    let files: string[] = [];
    try {
      files = readdirSync(this.#directory).filter((file) => file.endsWith(".json"));
    } catch {
      // None was written yet.
    }
    return [...new Set([...files, ...this.#written])].flatMap((file) => this.#read(file) ?? []);
  }

  find(key: ReplicaKey): ReplicaRecord | null {
    const id = replicaId(key);
    return this.all().find(({ spec }) => replicaId(spec) === id) ?? null;
  }

  write(record: ReplicaRecord): void {
    const file = `${record.suffix}.json`;
    this.#written.add(file);
    keptFiles.write(join(this.#directory, file), `${JSON.stringify(record)}\n`);
  }

  /** The suffix of a replica without a record: `<server>-<replica>`, made unlike that of a namesake in another group. */
  suffixFor(key: ReplicaKey): string {
    const plain = `${key.server}-${key.replica}`;
    const taken = this.all().some((record) => record.suffix === plain && record.spec.group !== key.group);
    // A plain suffix ends in digits alone, so one that ends in "g…" is never another server's.
    return taken ? `${plain}-g${createHash("sha256").update(key.group).digest("hex").slice(0, 8)}` : plain;
  }

  #read(file: string): ReplicaRecord | null {
    try {
      const path = join(this.#directory, file);
      return replicaRecord.parse(JSON.parse(keptFiles.waitingText(path) ?? readFileSync(path, "utf8")));
    } catch {
      return null;
    }
  }
}
