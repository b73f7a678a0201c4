/** The protocol's element types. FP16 exists in raw contents and, as ordinary numbers, in JSON. */
export const DATATYPES = [
  "BOOL",
  "UINT8",
  "UINT16",
  "UINT32",
  "UINT64",
  "INT8",
  "INT16",
  "INT32",
  "INT64",
  "FP16",
  "FP32",
  "FP64",
  "BYTES",
] as const;
export type Datatype = (typeof DATATYPES)[number];

const KNOWN: ReadonlySet<string> = new Set(DATATYPES);

/** Whether a text names a datatype; names are case-sensitive. */
export function isDatatype(text: string): text is Datatype {
  return KNOWN.has(text);
}

/** Bytes of one element in raw contents; null for BYTES, whose elements differ. */
export function elementBytes(datatype: Datatype): number | null {
  switch (datatype) {
    case "BOOL":
    case "UINT8":
    case "INT8":
      return 1;
    case "UINT16":
    case "INT16":
    case "FP16":
      return 2;
    case "UINT32":
    case "INT32":
    case "FP32":
      return 4;
    case "UINT64":
    case "INT64":
    case "FP64":
      return 8;
    case "BYTES":
      return null;
    default:
      return datatype satisfies never;
  }
}

export type IntegerRange = { min: bigint; max: bigint };

/** What an integer type can hold; null for types that are not integers. */
export function integerRange(datatype: Datatype): IntegerRange | null {
  return INTEGER_RANGES[datatype] ?? null;
}

const signed = (bits: bigint): IntegerRange => ({ min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n });
const unsigned = (bits: bigint): IntegerRange => ({ min: 0n, max: (1n << bits) - 1n });
const INTEGER_RANGES: Partial<Record<Datatype, IntegerRange>> = {
  INT8: signed(8n),
  INT16: signed(16n),
  INT32: signed(32n),
  INT64: signed(64n),
  UINT8: unsigned(8n),
  UINT16: unsigned(16n),
  UINT32: unsigned(32n),
  UINT64: unsigned(64n),
};

/** The largest finite value of each floating-point type. */
export const LARGEST_FLOAT = { FP16: 65_504, FP32: 3.4028234663852886e38, FP64: Number.MAX_VALUE } as const;
