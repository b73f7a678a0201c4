import type { FileHandle } from "node:fs/promises";

/** How much of a model file is read at once; tensors that lie in it are skipped, not read. */
const WINDOW_BYTES = 64 * 1024;
/** Deeper than any real model's nested graphs. */
const MAX_DEPTH = 64;
/** The most references that are gathered; a model with more is as good as corrupt. */
export const MAX_EXTERNAL_REFERENCES = 100_000;
const MAX_LOCATION_BYTES = 4096;

/** A message of the ONNX format: which of its fields lead to other messages. Only the way to external data is listed. */
type Shape = { readonly [field: number]: Shape } & { location?: true };

/** An entry of `TensorProto.external_data`: key 1, value 2. */
const entry: Shape = { location: true };
const tensor: Shape = { 13: entry };
const sparseTensor: Shape = { 1: tensor, 2: tensor };
const graph: { [field: number]: Shape } = { 5: tensor, 15: sparseTensor };
const attribute: Shape = { 5: tensor, 6: graph, 10: tensor, 11: graph, 22: sparseTensor, 23: sparseTensor };
const node: Shape = { 5: attribute };
graph[1] = node;
const functionBody: Shape = { 7: node, 11: attribute };
const trainingInfo: Shape = { 1: graph, 2: graph };
const model: Shape = { 7: graph, 20: trainingInfo, 25: functionBody };

/**
 * The files that an ONNX model refers to for its weights, as written in it, each once. Reads the format's outer structure
 * alone, without any inference library. What cannot be read as the format yields what was found until there: whether the
 * file is a model at all is for the model server to say.
 */
export async function externalDataLocations(file: FileHandle, sizeBytes: number): Promise<string[]> {
  const locations = new Set<string>();
  await walk(new Window(file), 0, sizeBytes, model, locations, 0);
  return [...locations];
}

/** Walks one message; false when it cannot be read as one. */
async function walk(
  bytes: Window,
  start: number,
  end: number,
  shape: Shape,
  found: Set<string>,
  depth: number,
): Promise<boolean> {
  if (depth > MAX_DEPTH || found.size > MAX_EXTERNAL_REFERENCES) return false;
  let at = start;
  let key = "";
  while (at < end) {
    const tag = await bytes.varint(at, end);
    if (tag === null) return false;
    const field = Math.floor(tag.value / 8);
    const skipped = await fieldEnd(bytes, tag.next, end, tag.value % 8);
    if (skipped === null) return false;
    const inner = shape[field];
    if (shape.location && skipped.content !== null && (field === 1 || field === 2)) {
      const text = await bytes.text(skipped.content, skipped.next);
      if (field === 1) key = text;
      else if (key === "location") found.add(text);
    } else if (inner !== undefined && skipped.content !== null) {
      if (!(await walk(bytes, skipped.content, skipped.next, inner, found, depth + 1))) return false;
    }
    at = skipped.next;
  }
  return at === end;
}

/** Where a field ends, and where its content begins if it has a length; null when it does not fit. */
async function fieldEnd(
  bytes: Window,
  at: number,
  end: number,
  wireType: number,
): Promise<{ next: number; content: number | null } | null> {
  const within = (next: number, content: number | null) => (next <= end ? { next, content } : null);
  if (wireType === 1) return within(at + 8, null);
  if (wireType === 5) return within(at + 4, null);
  if (wireType !== 0 && wireType !== 2) return null;
  const number = await bytes.varint(at, end);
  if (number === null) return null;
  return wireType === 0 ? within(number.next, null) : within(number.next + number.value, number.next);
}

/** Reads a file here and there through one buffer. */
class Window {
  readonly #file: FileHandle;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async varint(at: number, end: number): Promise<{ value: number; next: number } | null> {
    let value = 0;
    for (let index = 0; index < 10 && at + index < end; index += 1) {
      const byte = await this.#byte(at + index);
      if (byte === null) return null;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return { value, next: at + index + 1 };
    }
    return null;
  }

  async text(start: number, end: number): Promise<string> {
    const { buffer, bytesRead } = await this.#read(start, Math.min(end - start, MAX_LOCATION_BYTES));
    return buffer.toString("utf8", 0, bytesRead);
  }

  async #byte(at: number): Promise<number | null> {
    if (at < this.#start || at >= this.#start + this.#bytes.length) {
      const { buffer, bytesRead } = await this.#read(at, WINDOW_BYTES);
      this.#start = at;
      this.#bytes = buffer.subarray(0, bytesRead);
    }
    return this.#bytes[at - this.#start] ?? null;
  }

  #read(at: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }> {
    return this.#file.read(Buffer.alloc(length), 0, length, at);
  }
}
