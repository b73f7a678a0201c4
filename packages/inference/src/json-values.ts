import { SlipwayError } from "@slipway/contracts";
import { type Datatype, type IntegerRange, integerRange, LARGEST_FLOAT } from "./datatype.ts";
import { shorten } from "./shorten.ts";
import { formatShape, type TensorData } from "./tensor.ts";

/** Where values stand, and how exactly their text was read. */
export type ValueContext = {
  readonly input: string;
  readonly field: string;
  /** Whole numbers beyond 2^53 are bigints here. */
  readonly exact: boolean;
  /** Called when a 64-bit tensor holds a number that was not read exactly: the body must be read again. */
  readonly needsExact: () => void;
};

/**
 * Puts nested data into one flat list; flat data stays as it is.
 * @throws SlipwayError when it is nested unlike the shape
 */
export function flattenData(
  data: readonly unknown[],
  shape: readonly number[],
  context: ValueContext,
): readonly unknown[] {
  if (!Array.isArray(data[0]) || shape.length === 0) return data;
  const flat: unknown[] = [];
  const walk = (value: unknown, depth: number): void => {
    if (depth === shape.length) {
      flat.push(value);
      return;
    }
    if (!Array.isArray(value) || value.length !== shape[depth]) {
      throw new SlipwayError(
        "request/invalid",
        { problem: `The data of input ${context.input} is nested, but not as its shape ${formatShape(shape)} says.` },
        { field: context.field },
      );
    }
    for (const element of value) walk(element, depth + 1);
  };
  walk(data, 0);
  return flat;
}

/**
 * Turns JSON values into elements of a datatype. Nothing is rounded to fit: a fraction for an integer, a number out of
 * range, a text for a number are errors. BOOL takes 0 and 1 as well.
 * @throws SlipwayError tensor/value
 */
export function convertValues(datatype: Datatype, values: readonly unknown[], context: ValueContext): TensorData {
  switch (datatype) {
    case "BOOL":
      return booleans(values, context);
    case "BYTES":
      return texts(values, context);
    case "FP16":
      return new Uint16Array(fillFloats(new Float16Array(values.length), values, "FP16", context).buffer);
    case "FP32":
      return fillFloats(new Float32Array(values.length), values, "FP32", context);
    case "FP64":
      return fillFloats(new Float64Array(values.length), values, "FP64", context);
    case "INT64":
      return fillLongs(new BigInt64Array(values.length), values, "INT64", context);
    case "UINT64":
      return fillLongs(new BigUint64Array(values.length), values, "UINT64", context);
    case "INT8":
      return fillIntegers(new Int8Array(values.length), values, "INT8", context);
    case "INT16":
      return fillIntegers(new Int16Array(values.length), values, "INT16", context);
    case "INT32":
      return fillIntegers(new Int32Array(values.length), values, "INT32", context);
    case "UINT8":
      return fillIntegers(new Uint8Array(values.length), values, "UINT8", context);
    case "UINT16":
      return fillIntegers(new Uint16Array(values.length), values, "UINT16", context);
    case "UINT32":
      return fillIntegers(new Uint32Array(values.length), values, "UINT32", context);
    default:
      return datatype satisfies never;
  }
}

function booleans(values: readonly unknown[], context: ValueContext): Uint8Array {
  const data = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === true || value === 1) data[index] = 1;
    else if (value !== false && value !== 0) throw badValue(context, index, value, "true or false");
  }
  return data;
}

function texts(values: readonly unknown[], context: ValueContext): readonly string[] {
  return values.map((value, index) => {
    if (typeof value !== "string") throw badValue(context, index, value, "a text");
    return value;
  });
}

function fillFloats<Target extends Float16Array | Float32Array | Float64Array>(
  target: Target,
  values: readonly unknown[],
  datatype: keyof typeof LARGEST_FLOAT,
  context: ValueContext,
): Target {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    const number = typeof value === "bigint" ? Number(value) : value;
    if (typeof number === "number") target[index] = number;
    // Judged as the array keeps it: 3.4028235e38 is how the largest FP32 is often written, and a little above it.
    if (typeof number !== "number" || !Number.isFinite(target[index])) {
      const largest = LARGEST_FLOAT[datatype];
      throw badValue(context, index, value, `a number from -${largest} to ${largest}`);
    }
  }
  return target;
}

type SmallIntegers = "INT8" | "INT16" | "INT32" | "UINT8" | "UINT16" | "UINT32";

function fillIntegers<Target extends Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array>(
  target: Target,
  values: readonly unknown[],
  datatype: SmallIntegers,
  context: ValueContext,
): Target {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (typeof value !== "number") throw badValue(context, index, value, describeRange(datatype));
    target[index] = value;
    // What the array kept differs exactly when the number was a fraction or out of range.
    if (target[index] !== value) throw badValue(context, index, value, describeRange(datatype));
  }
  return target;
}

function fillLongs<Target extends BigInt64Array | BigUint64Array>(
  target: Target,
  values: readonly unknown[],
  datatype: "INT64" | "UINT64",
  context: ValueContext,
): Target {
  const range = integerRange(datatype);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (!context.exact && typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      context.needsExact();
      return target;
    }
    const whole = wholeNumber(value);
    if (whole === null || !isWithin(whole, range)) throw badValue(context, index, value, describeRange(datatype));
    target[index] = whole;
  }
  return target;
}

function wholeNumber(value: unknown): bigint | null {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : null;
}

function isWithin(value: bigint, range: IntegerRange | null): boolean {
  return range !== null && value >= range.min && value <= range.max;
}

function describeRange(datatype: Datatype): string {
  const range = integerRange(datatype);
  return range === null ? "another value" : `a whole number from ${range.min} to ${range.max}`;
}

function badValue(
  context: ValueContext,
  index: number,
  value: unknown,
  expected: string,
): SlipwayError<"tensor/value"> {
  return new SlipwayError(
    "tensor/value",
    { input: context.input, index, given: describeValue(value), expected },
    { field: `${context.field}.${index}` },
  );
}

function describeValue(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return shorten(JSON.stringify(value) ?? "missing");
}
