import * as fc from "fast-check";

/** One change to bytes; positions are parts of a whole, so that they fit whatever the length. */
type Change =
  | { kind: "flip"; at: number; bit: number }
  | { kind: "set"; at: number; byte: number }
  | { kind: "insert"; at: number; bytes: Uint8Array }
  | { kind: "remove"; at: number; length: number }
  | { kind: "cut"; at: number }
  | { kind: "repeat"; at: number; length: number; times: number };

const at = fc.double({ min: 0, max: 1, noNaN: true });
/** Bytes at which readers of lengths, numbers and texts change their ways. */
const oddByte = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 255 }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 9, 10, 13, 34, 44, 45, 58, 91, 92, 123, 127, 128, 192, 254, 255) },
);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant("set" as const), at, byte: oddByte }),
  fc.record({
    kind: fc.constant("insert" as const),
    at,
    bytes: fc.array(oddByte, { minLength: 1, maxLength: 12 }).map((bytes) => Uint8Array.from(bytes)),
  }),
  fc.record({ kind: fc.constant("remove" as const), at, length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant("cut" as const), at }),
  fc.record({
    kind: fc.constant("repeat" as const),
    at,
    length: fc.integer({ min: 1, max: 48 }),
    times: fc.integer({ min: 1, max: 40 }),
  }),
);

function apply(bytes: Buffer, one: Change): Buffer {
  const place = Math.min(bytes.length, Math.floor(one.at * bytes.length));
  switch (one.kind) {
    case "flip":
    case "set": {
      if (place >= bytes.length) return bytes;
      const changed = Buffer.from(bytes);
      changed[place] = one.kind === "set" ? one.byte : (changed[place] ?? 0) ^ (1 << one.bit);
      return changed;
    }
    case "insert":
      return Buffer.concat([bytes.subarray(0, place), one.bytes, bytes.subarray(place)]);
    case "remove":
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + one.length)]);
    case "cut":
      return bytes.subarray(0, place);
    case "repeat": {
      const part = bytes.subarray(place, place + one.length);
      const more = Array.from({ length: one.times }, () => part);
      return Buffer.concat([bytes.subarray(0, place), ...more, bytes.subarray(place)]);
    }
    default:
      return one satisfies never;
  }
}

/** Inputs that are right but for a few bytes, some of them right: what hand-made cases leave out. */
export function mutated(corpus: readonly (Buffer | string)[], maxChanges = 6): fc.Arbitrary<Buffer> {
  const bases = corpus.map((one) => Buffer.from(one));
  return fc
    .tuple(fc.constantFrom(...bases), fc.array(change, { maxLength: maxChanges }))
    .map(([base, changes]) => changes.reduce(apply, base));
}
