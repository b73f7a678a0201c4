/** How much of a file is looked at together; what lies between, such as a tensor's values, is never read. */
const WINDOW_BYTES = 65_536;

/** Bytes that a walk needs before it can go on. */
export type Want = { position: number; length: number };

/** The file cannot be what it should be; the message says why, in words. */
export class BrokenFile extends Error {
  override readonly name = "BrokenFile";
}

/** Keeps a byte order mark, which makes a name another one. */
const TEXT = new TextDecoder("utf-8", { ignoreBOM: true });

const TOO_SHORT = "the file ends in the middle of a field";

/** A part of a file in memory, moved forward as the walk asks; so memory stays small whatever the file's size. */
export class ByteWindow {
  readonly size: number;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(size: number) {
    this.size = size;
  }

  /** What has to be read before `length` bytes from `position` (as far as the file goes) can be used; null = nothing. */
  missing(position: number, length: number): Want | null {
    const end = Math.min(position + length, this.size);
    if (position >= this.#start && end <= this.#start + this.#bytes.length) return null;
    return { position, length: Math.min(Math.max(length, WINDOW_BYTES), Math.max(0, this.size - position)) };
  }

  fill(position: number, bytes: Uint8Array): void {
    this.#start = position;
    this.#bytes = bytes;
  }

  /** @throws BrokenFile past the end */
  byteAt(position: number): number {
    const byte = this.#bytes[position - this.#start];
    if (byte === undefined) throw new BrokenFile(TOO_SHORT);
    return byte;
  }

  /** A copy. @throws BrokenFile past the end */
  bytesAt(position: number, length: number): Uint8Array {
    return this.#part(position, length).slice();
  }

  /** @throws BrokenFile past the end */
  textAt(position: number, length: number): string {
    return TEXT.decode(this.#part(position, length));
  }

  #part(position: number, length: number): Uint8Array {
    const from = position - this.#start;
    const bytes = this.#bytes.subarray(from, from + length);
    if (bytes.length !== length) throw new BrokenFile(TOO_SHORT);
    return bytes;
  }
}
