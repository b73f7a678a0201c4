import type * as fc from "fast-check";

/** An invariant that an input broke; its message says which, and what was seen. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** @throws Violation unless the condition holds */
export function hold(condition: boolean, guarantee: string, seen: () => unknown = () => ""): asserts condition {
  if (condition) return;
  const what = seen();
  const text = typeof what === "string" ? what : JSON.stringify(what, (_, value) => bigintAsText(value));
  throw new Violation(text === "" ? guarantee : `${guarantee}; seen: ${text.slice(0, 2_000)}`);
}

function bigintAsText(value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

/** A running area: what one input is checked by, and what the whole of it is watched for. */
export type OpenArea = {
  /** Sends one input and checks everything that must hold after it. @throws Violation */
  check(bytes: Buffer): Promise<void> | void;
  /** The processes that work on the inputs; empty = this one. Their memory must return. */
  pids(): readonly number[];
  /** The longest that another request has waited since it was last asked; null where each input is timed itself. */
  takeLongestWaitMs: (() => number) | null;
  close(): Promise<void>;
};

/**
 * One part of the platform that takes bytes from outside. An input is bytes whatever the area, so that each can be printed,
 * kept and sent again.
 */
export type Area = {
  name: string;
  /** What holds for every input, in one sentence. */
  guarantee: string;
  /** How many the long form sends unless told otherwise, and how many the short one. */
  inputs: { long: number; short: number };
  /** The long form may send what takes long while a mend is missing. */
  bytes(isLong: boolean): fc.Arbitrary<Buffer>;
  open(): Promise<OpenArea>;
};

/** An area in this process: nothing to start. */
export function inProcess(check: (bytes: Buffer) => void | Promise<void>): () => Promise<OpenArea> {
  return async () => ({ check, pids: () => [], takeLongestWaitMs: null, close: async () => undefined });
}
