import { SetDigest } from "./digest.ts";

/** The header of one message of a level-triggered stream; see SetVersion in common.proto. */
export type SetHeader = { epoch: bigint; base: bigint; version: bigint; lastChunk: boolean; digest: Uint8Array };
export type SetEntry<Value> = { key: string; bytes: Uint8Array; value: Value };
export type SetChange<Value> = { upsert: readonly SetEntry<Value>[]; remove: readonly string[] };

/** What came of a message: more chunks follow, the set is complete, or the sender must send all. */
export type Received<Value> =
  | { kind: "partial" }
  | { kind: "stale_epoch" }
  | { kind: "mismatch" }
  | { kind: "complete"; entries: ReadonlyMap<string, SetEntry<Value>>; changed: ReadonlySet<string> };

/**
 * The receiving side of a level-triggered stream: applies changes to a copy, compares digests at the last chunk and
 * switches only when they agree. Obeys no epoch older than the highest that it has seen.
 */
export class LevelSetReplica<Value> {
  #entries = new Map<string, SetEntry<Value>>();
  #digest = new SetDigest();
  #pending: { entries: Map<string, SetEntry<Value>>; digest: SetDigest; changed: Set<string> } | null = null;
  #version = 0n;
  #epoch: bigint;

  constructor(highestEpoch = 0n) {
    this.#epoch = highestEpoch;
  }

  get version(): bigint {
    return this.#version;
  }

  get epoch(): bigint {
    return this.#epoch;
  }

  get entries(): ReadonlyMap<string, SetEntry<Value>> {
    return this.#entries;
  }

  /** Learns of an epoch (from a Welcome); false when a newer one is known and the sender must not be obeyed. */
  observeEpoch(epoch: bigint): boolean {
    if (epoch < this.#epoch) return false;
    this.#epoch = epoch;
    return true;
  }

  receive(header: SetHeader, change: SetChange<Value>): Received<Value> {
    if (!this.observeEpoch(header.epoch)) return { kind: "stale_epoch" };
    if (this.#pending === null) {
      if (header.base === 0n) {
        // What vanishes in a whole set counts as changed too, so everything held so far is named.
        this.#pending = { entries: new Map(), digest: new SetDigest(), changed: new Set(this.#entries.keys()) };
      } else if (header.base === this.#version) {
        this.#pending = { entries: this.#entries, digest: this.#digest, changed: new Set() };
      } else return { kind: "mismatch" };
    }
    const { entries, digest, changed } = this.#pending;
    for (const key of change.remove) {
      const old = entries.get(key);
      if (old === undefined) continue;
      digest.toggle(key, old.bytes);
      entries.delete(key);
      changed.add(key);
    }
    for (const entry of change.upsert) {
      const old = entries.get(entry.key);
      if (old !== undefined) digest.toggle(entry.key, old.bytes);
      digest.toggle(entry.key, entry.bytes);
      entries.set(entry.key, entry);
      changed.add(entry.key);
    }
    if (!header.lastChunk) return { kind: "partial" };
    this.#pending = null;
    if (!digest.equals(header.digest)) {
      this.reset();
      return { kind: "mismatch" };
    }
    this.#entries = entries;
    this.#digest = digest;
    this.#version = header.version;
    return { kind: "complete", entries, changed };
  }

  /** Forgets the version, so that the next message must carry the whole set; the entries stay readable until then. */
  reset(): void {
    this.#entries = new Map(this.#entries);
    this.#digest = new SetDigest();
    for (const [key, entry] of this.#entries) this.#digest.toggle(key, entry.bytes);
    this.#pending = null;
    this.#version = 0n;
  }
}
