import { constants, isUtf8 } from "node:buffer";
import { SlipwayError } from "@slipway/contracts";
import { parse as parseLosslessly } from "lossless-json";
import { scanJson } from "./json-scan.ts";
import { shorten } from "./shorten.ts";

const { MAX_STRING_LENGTH } = constants;
/** A number above this power of ten fits no integer type, so it need not be kept exactly. */
const MAX_EXACT_EXPONENT = 20;

/**
 * Reads a body as JSON. `NaN`, `Infinity`, a name given twice and bytes that are not UTF-8 are refused.
 * @throws SlipwayError request/malformed_json, request/too_deep, request/too_large
 */
export function parseJsonBody(body: Buffer, maxDepth: number): { value: unknown; text: string } {
  // A text cannot be longer, whatever the limit of a body is.
  if (body.length > MAX_STRING_LENGTH) throw new SlipwayError("request/too_large", { limitBytes: MAX_STRING_LENGTH });
  const decoded = body.toString("utf8");
  // A byte order mark says nothing here, and readers may pass over it (RFC 8259, 8.1).
  const text = decoded.startsWith("\ufeff") ? decoded.slice(1) : decoded;
  // The replacement character is what decoding leaves of a wrong byte; only then is a closer look needed.
  if (text.includes("\ufffd") && !isUtf8(body)) {
    throw new SlipwayError("request/malformed_json", { detail: "it is not UTF-8" });
  }
  const { members } = scanJson(text, maxDepth);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SlipwayError("request/malformed_json", { detail: describeSyntaxError(text, error) }, { cause: error });
  }
  if (countMembers(value) !== members) refuseDuplicateName(text);
  return { value, text };
}

/**
 * Reads a text that is known to be valid again, with every whole number beyond 2^53 as an exact bigint. Slow: only for
 * a body that holds such a number in a 64-bit tensor.
 */
export function parseExactly(text: string): unknown {
  return parseLosslessly(text, null, exactNumber);
}

/** A number as JSON wrote it: a bigint where a double would lose digits, else a double. */
function exactNumber(source: string): number | bigint {
  const double = Number(source);
  if (Number.isSafeInteger(double) || !Number.isInteger(double)) return double;
  return exactInteger(source) ?? double;
}

/** The whole number that a JSON number's text stands for; null when it has a fraction or is out of every range. */
export function exactInteger(source: string): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(source);
  if (match === null) return null;
  const fraction = withoutTrailingZeros(match[3] ?? "");
  const exponent = Number(match[4] ?? 0) - fraction.length;
  if (exponent < 0 || exponent > MAX_EXACT_EXPONENT) return null;
  const digits = BigInt(`${match[2]}${fraction}`) * 10n ** BigInt(exponent);
  return match[1] === "-" ? -digits : digits;
}

/** Not by a pattern: one that is anchored at the end alone looks at a run of zeros once for each of them. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end -= 1;
  return digits.slice(0, end);
}

/** Members of all objects in a value; arrays of plain numbers, which are most of a body, cost one look. */
function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) {
    let count = 0;
    for (const element of value) if (typeof element === "object") count += countMembers(element);
    return count;
  }
  let count = 0;
  for (const member of Object.values(value)) count += 1 + (typeof member === "object" ? countMembers(member) : 0);
  return count;
}

function refuseDuplicateName(text: string): never {
  parseLosslessly(text, null, {
    onDuplicateKey: ({ key }) => {
      throw new SlipwayError("request/malformed_json", { detail: `"${shorten(key)}" is given twice in one object` });
    },
  });
  throw new SlipwayError("request/malformed_json", { detail: "a name is given twice in one object" });
}

/** Says what is wrong and where, without quoting the body. */
function describeSyntaxError(text: string, error: unknown): string {
  if (text.trim() === "") return "it is empty";
  if (/[[:,]\s*[-+]?(?:NaN|Infinity)/.test(text)) return "NaN and Infinity are not JSON numbers";
  const message = error instanceof SyntaxError ? error.message : "";
  return message.replace(/, (?:\.\.\.)?".*$/s, "").replace(/ in JSON/, "") || "it cannot be parsed";
}
