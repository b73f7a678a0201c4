import { BrokenFile, type ByteWindow, type Want } from "./byte-window.ts";

/** More fields than this take too long to look at; a forest of a million trees has fewer. */
const MAX_FIELDS = 100_000_000;
/** A tag and a length, each of at most ten bytes. */
const HEAD_BYTES = 20;
const LOW_BITS = 28;

export const WIRE_VARINT = 0;
export const WIRE_64_BIT = 1;
export const WIRE_LENGTH = 2;
export const WIRE_32_BIT = 5;

/** Where a walk stands in the file, and protobuf's ways to write a number and a text. All throw BrokenFile. */
export class WireCursor {
  position = 0;
  readonly window: ByteWindow;
  #fields = 0;

  constructor(window: ByteWindow) {
    this.window = window;
  }

  /** Bytes that have to be read before the next field's head can be; counts the field. */
  beginField(): Want | null {
    this.#fields += 1;
    if (this.#fields > MAX_FIELDS) throw new BrokenFile(`it has more than ${MAX_FIELDS} fields`);
    return this.window.missing(this.position, HEAD_BYTES);
  }

  /** An unsigned number; those beyond 2^53 lose digits, which no length or tag of a real file has. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 10; shift += 1) {
      const byte = this.window.byteAt(this.position);
      this.position += 1;
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return value;
    }
    throw new BrokenFile("a number is longer than ten bytes");
  }

  /** A signed 64-bit number; exact between -2^53 and 2^53. */
  signed(): number {
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index += 1) {
      const byte = this.window.byteAt(this.position);
      this.position += 1;
      if (index < 4) low += (byte & 0x7f) * 2 ** (7 * index);
      else high += (byte & 0x7f) * 2 ** (7 * index - LOW_BITS);
      if (byte < 0x80) return (high >= 2 ** 35 ? high - 2 ** 36 : high) * 2 ** LOW_BITS + low;
    }
    throw new BrokenFile("a number is longer than ten bytes");
  }
}
