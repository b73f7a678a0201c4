import * as fc from "fast-check";

/** Texts at which stores, parsers and types change their ways. */
export const ODD_TEXTS = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udfff!",
  "\ufeff",
  "\ufffd",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "true",
  "NaN",
  "Infinity",
  "-0",
  "0",
  "-1",
  "1e309",
  "2147483647",
  "2147483648",
  "-2147483649",
  "3943037707",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "-9999999d",
  "99999999999y",
  "1970-01-01T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  "0000-00-00",
  "../../etc/passwd",
  "%00",
  "%",
  "{}",
  "[]",
  "'; DROP TABLE resource; --",
  "a".repeat(300),
  "é".repeat(64),
  "💥",
  "default",
  "iris",
] as const;

/** Numbers at the edges of the types that they are kept in. */
export const ODD_NUMBERS = [
  0, -0, 1, -1, 0.5, 64, 127, 128, 255, 256, 65_535, 65_536, 2_147_483_647, 2_147_483_648, -2_147_483_649,
  4_294_967_296, 9_007_199_254_740_991, 9_007_199_254_740_992, 1e21, 1e308, 5e-324,
] as const;

export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 80 }) },
);

export const oddNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...ODD_NUMBERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);

/** Any value that JSON can say, odd ones first. */
export const oddJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(oddText, oddNumber, fc.boolean(), fc.constant(null)),
  value: fc.oneof(
    { weight: 6, arbitrary: tie("leaf") },
    { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.dictionary(oddText, tie("value"), { maxKeys: 4 }) },
  ),
})).value;
