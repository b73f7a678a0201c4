import { SetDigest } from "./digest.ts";
import type { SetEntry, SetHeader } from "./replica.ts";

export type SetMessage<Value> = { header: SetHeader; upsert: SetEntry<Value>[]; remove: string[] };

/** Entries in one message; keeps a message far below gRPC's limit of 4 MiB. */
export const CHUNK_ENTRIES = 500;

/**
 * The sending side of a level-triggered stream: one set, many readers. Knows which entries changed at which version, so
 * that a reader that is a few versions behind gets the difference and any other one gets everything.
 */
export class LevelSetSource<Value> {
  readonly #entries = new Map<string, SetEntry<Value>>();
  readonly #digest = new SetDigest();
  /** Keys changed at each recent version, the oldest first. */
  readonly #history: { version: bigint; keys: readonly string[] }[] = [];
  readonly #keep: number;
  #version = 0n;

  constructor(options: { keepVersions?: number } = {}) {
    this.#keep = options.keepVersions ?? 64;
  }

  get version(): bigint {
    return this.#version;
  }

  get(key: string): SetEntry<Value> | undefined {
    return this.#entries.get(key);
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** Makes the next version; entries whose bytes are equal do not count. Returns whether anything changed. */
  update(upsert: readonly SetEntry<Value>[], remove: readonly string[]): boolean {
    const changed: string[] = [];
    for (const key of remove) {
      const old = this.#entries.get(key);
      if (old === undefined) continue;
      this.#digest.toggle(key, old.bytes);
      this.#entries.delete(key);
      changed.push(key);
    }
    for (const entry of upsert) {
      const old = this.#entries.get(entry.key);
      if (old !== undefined) {
        if (Buffer.compare(old.bytes, entry.bytes) === 0) continue;
        this.#digest.toggle(entry.key, old.bytes);
      }
      this.#digest.toggle(entry.key, entry.bytes);
      this.#entries.set(entry.key, entry);
      changed.push(entry.key);
    }
    if (changed.length === 0) return false;
    this.#version += 1n;
    this.#history.push({ version: this.#version, keys: changed });
    if (this.#history.length > this.#keep) this.#history.shift();
    return true;
  }

  /** What a reader that holds `base` needs to hold the current version; base 0 (or one too old) gets the whole set in chunks. */
  since(epoch: bigint, base: bigint): SetMessage<Value>[] {
    const oldest = this.#history[0]?.version ?? this.#version + 1n;
    if (base === this.#version && base !== 0n) return [];
    if (base === 0n || base > this.#version || base + 1n < oldest) return this.#whole(epoch);
    const keys = new Set(this.#history.filter(({ version }) => version > base).flatMap((change) => change.keys));
    const upsert: SetEntry<Value>[] = [];
    const remove: string[] = [];
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry === undefined) remove.push(key);
      else upsert.push(entry);
    }
    return this.#chunk(epoch, base, upsert, remove);
  }

  #whole(epoch: bigint): SetMessage<Value>[] {
    return this.#chunk(epoch, 0n, [...this.#entries.values()], []);
  }

  #chunk(epoch: bigint, base: bigint, upsert: SetEntry<Value>[], remove: string[]): SetMessage<Value>[] {
    const messages: SetMessage<Value>[] = [];
    const count = Math.max(1, Math.ceil(upsert.length / CHUNK_ENTRIES));
    for (let index = 0; index < count; index += 1) {
      const lastChunk = index === count - 1;
      messages.push({
        header: {
          epoch,
          base,
          version: this.#version,
          lastChunk,
          digest: lastChunk ? this.#digest.value() : new Uint8Array(),
        },
        upsert: upsert.slice(index * CHUNK_ENTRIES, (index + 1) * CHUNK_ENTRIES),
        remove: index === 0 ? remove : [],
      });
    }
    return messages;
  }
}
