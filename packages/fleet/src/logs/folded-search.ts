/** Each byte, capital ASCII letters as small ones. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/**
 * A text to look for in bytes whatever the case of its letters, which must be ASCII. `skips`: how far the search jumps for
 * each byte that stands under the text's last one, 0 for one that may be it; `step`: how far from there.
 */
export type FoldedNeedle = { bytes: Uint8Array; skips: Uint16Array; step: number };

/** Prepares a text of at least one character. */
export function foldNeedle(text: string): FoldedNeedle {
  const bytes = Buffer.from(text.toLowerCase(), "latin1");
  const skips = new Uint16Array(256).fill(bytes.length);
  for (const [index, byte] of bytes.subarray(0, -1).entries()) skips[byte] = bytes.length - 1 - index;
  const last = bytes.at(-1) ?? 0;
  const step = skips[last] ?? 1;
  skips[last] = 0;
  for (let capital = 0x41; capital <= 0x5a; capital += 1) skips[capital] = skips[capital + 0x20] ?? bytes.length;
  return { bytes, skips, step };
}

/** Where the text stands next, from a place on; -1 when nowhere. Looks at about one byte in as many as the text has. */
export function indexOfFolded(bytes: Uint8Array, { bytes: wanted, skips, step }: FoldedNeedle, from: number): number {
  const { length } = bytes;
  const last = wanted.length - 1;
  for (let end = from + last; end < length; end += step) {
    for (let skip = skips[bytes[end] ?? 0] ?? 0; skip !== 0; skip = skips[bytes[end] ?? 0] ?? 0) {
      end += skip;
      if (end >= length) return -1;
    }
    let at = last - 1;
    while (at >= 0 && FOLDED[bytes[end - last + at] ?? 0] === wanted[at]) at -= 1;
    if (at < 0) return end - last;
  }
  return -1;
}
