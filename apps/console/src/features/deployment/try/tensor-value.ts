import type { Json } from "./json-text.ts";

const INTEGER_BITS: Readonly<Record<string, { bits: bigint; isSigned: boolean }>> = {
  INT8: { bits: 8n, isSigned: true },
  INT16: { bits: 16n, isSigned: true },
  INT32: { bits: 32n, isSigned: true },
  INT64: { bits: 64n, isSigned: true },
  UINT8: { bits: 8n, isSigned: false },
  UINT16: { bits: 16n, isSigned: false },
  UINT32: { bits: 32n, isSigned: false },
  UINT64: { bits: 64n, isSigned: false },
};
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const SHOWN_LENGTH = 30;

export type ValueResult = { ok: true; value: Json } | { ok: false; words: string };

/** What a typed value means for a datatype of the Open Inference Protocol, or why it means nothing. */
export function readValue(datatype: string, typed: string): ValueResult {
  if (datatype === "BYTES") return { ok: true, value: typed };
  const text = typed.trim();
  if (text === "") return { ok: false, words: "is missing" };
  if (datatype === "BOOL") return readBoolean(text);
  const integer = INTEGER_BITS[datatype];
  return integer === undefined ? readDecimal(text) : readInteger(text, datatype, integer);
}

/** The value that stands where nobody gave one. */
export function emptyValue(datatype: string): string {
  if (datatype === "BYTES") return "";
  return datatype === "BOOL" ? "false" : "0";
}

/** A scalar of a body as a person would type it. */
export function typedValue(value: Json): string {
  if (value === null) return "";
  if (typeof value === "object") return "number" in value ? value.number : "";
  return String(value);
}

function readBoolean(text: string): ValueResult {
  if (text === "true" || text === "1") return { ok: true, value: true };
  if (text === "false" || text === "0") return { ok: true, value: false };
  return { ok: false, words: `is ${quote(text)}, which is neither true nor false` };
}

function readInteger(
  text: string,
  datatype: string,
  { bits, isSigned }: { bits: bigint; isSigned: boolean },
): ValueResult {
  if (!/^[+-]?\d+$/.test(text)) return { ok: false, words: `is ${quote(text)}, which is no whole number` };
  const number = BigInt(text.replace(/^\+/, ""));
  const min = isSigned ? -(1n << (bits - 1n)) : 0n;
  const max = (1n << (isSigned ? bits - 1n : bits)) - 1n;
  if (number >= min && number <= max) return { ok: true, value: { number: String(number) } };
  return { ok: false, words: `is ${quote(text)}; ${datatype} goes from ${min} to ${max}` };
}

function readDecimal(text: string): ValueResult {
  if (JSON_NUMBER.test(text)) return { ok: true, value: { number: text } };
  const number = Number(text);
  // Hexadecimal and the like are numbers to JavaScript, but nobody means them here.
  if (!/^[+-]?[\d.]/.test(text) || /[xob]/i.test(text) || !Number.isFinite(number)) {
    return { ok: false, words: `is ${quote(text)}, which is no number` };
  }
  return { ok: true, value: { number: String(number) } };
}

function quote(text: string): string {
  return `“${text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text}”`;
}
