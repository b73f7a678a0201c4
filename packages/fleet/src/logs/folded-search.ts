/** Each byte, capital ASCII letters as small ones. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/** A text to look for in bytes whatever the case of its letters, which must be ASCII. */
export type FoldedNeedle = { bytes: Uint8Array; skips: Uint16Array };

/** Prepares a text: for each byte, how far the search may jump when it stands under the text's last one. */
export function foldNeedle(text: string): FoldedNeedle {
  const bytes = Buffer.from(text.toLowerCase(), "latin1");
  const skips = new Uint16Array(256).fill(bytes.length);
  for (const [index, byte] of bytes.subarray(0, -1).entries()) skips[byte] = bytes.length - 1 - index;
  for (let capital = 0x41; capital <= 0x5a; capital += 1) skips[capital] = skips[capital + 0x20] ?? bytes.length;
  return { bytes, skips };
}

/** Where the text stands next, from a place on; -1 when nowhere. Looks at about one byte in as many as the text has. */
export function indexOfFolded(bytes: Uint8Array, needle: FoldedNeedle, from: number): number {
  const { bytes: wanted, skips } = needle;
  const last = wanted.length - 1;
  const lastByte = wanted[last];
  for (let end = from + last; end < bytes.length; ) {
    const byte = bytes[end] ?? 0;
    if (FOLDED[byte] === lastByte) {
      let at = last - 1;
      while (at >= 0 && FOLDED[bytes[end - last + at] ?? 0] === wanted[at]) at -= 1;
      if (at < 0) return end - last;
    }
    end += skips[byte] ?? 1;
  }
  return -1;
}
