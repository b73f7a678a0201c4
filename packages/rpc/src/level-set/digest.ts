import { createHash } from "node:crypto";

const SIZE = 32;

/**
 * A digest of a set that can be kept while entries come and go: the XOR of the SHA-256 of each entry's key and bytes.
 * Two sides with equal digests hold equal sets (up to a collision that nobody makes by accident).
 */
export class SetDigest {
  readonly #sum = Buffer.alloc(SIZE);

  /** Adds an entry, or takes one out that was added with the same key and bytes. */
  toggle(key: string, entry: Uint8Array): void {
    const hash = createHash("sha256").update(key).update("\0").update(entry).digest();
    for (let index = 0; index < SIZE; index += 1) this.#sum[index] = (this.#sum[index] ?? 0) ^ (hash[index] ?? 0);
  }

  value(): Uint8Array {
    return Uint8Array.from(this.#sum);
  }

  equals(other: Uint8Array): boolean {
    return this.#sum.equals(other);
  }
}
