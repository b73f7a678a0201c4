import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const WINDOW_BYTES = 65_536;

/** Reads a file forward, a window at a time, and skips without reading; memory stays small whatever the file's size. */
export type FileCursor = {
  readonly size: number;
  /** The byte at `position`. @throws RangeError past the end */
  byteAt(position: number): number;
  /** Bytes from `position`; the caller bounds `length`. @throws RangeError past the end */
  bytesAt(position: number, length: number): Buffer;
  close(): void;
};

export function openFileCursor(path: string): FileCursor {
  const file = openSync(path, "r");
  const size = fstatSync(file).size;
  const window = Buffer.alloc(WINDOW_BYTES);
  let windowStart = 0;
  let windowLength = 0;
  return {
    size,
    byteAt(position) {
      if (position < windowStart || position >= windowStart + windowLength) {
        windowStart = position;
        windowLength = readSync(file, window, 0, WINDOW_BYTES, position);
      }
      const byte = windowLength > 0 ? window[position - windowStart] : undefined;
      if (byte === undefined) throw new RangeError("the file ends in the middle of a field");
      return byte;
    },
    bytesAt(position, length) {
      const bytes = Buffer.alloc(length);
      if (readSync(file, bytes, 0, length, position) !== length) {
        throw new RangeError("the file ends in the middle of a field");
      }
      return bytes;
    },
    close: () => closeSync(file),
  };
}
